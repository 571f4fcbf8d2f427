import type { Fault } from './fault.ts';

/** Faults in events that come later. */
export const LATER_FAULTS: Readonly<Record<string, Fault>> = {
  'a later event goes to the topic at once': {
    file: 'lib/runtime/batch/outbox-entry.ts',
    find: "return 'cancel' in entry || entry.event.deliverat !== undefined;",
    replace: "return 'cancel' in entry;",
  },
  'what is not due is published': {
    file: 'lib/later/decide.ts',
    find: "if (seconds <= 0) return 'due';",
    replace: "if (seconds <= 900) return 'due';",
  },
  'a message that is not due is acknowledged': {
    file: 'lib/later/create-later-handler.ts',
    find: "return status !== 'again';",
    replace: 'return Boolean(status);',
  },
  'a schedule that is there already is a failure for good': {
    file: 'lib/later/schedules.ts',
    find: 'if (!(error instanceof ConflictException)) throw error;',
    replace: "throw Object.assign(new Error('twice', { cause: error }), { name: 'ValidationException' });",
  },
  'a throttled schedule counts as made': {
    file: 'lib/later/decide.ts',
    find: ': failedOnce(record, error);\n  }',
    replace: ": { status: 'scheduled' };\n  }",
  },
  'the table of cancellations is not asked': {
    file: 'lib/later/decide.ts',
    find: "if (isCancelled(later)) return { status: 'cancelled' };",
    replace: '',
  },
  'a cancellation is not kept': {
    file: 'lib/later/decide.ts',
    find: '() => cancellations.add(cancellation, clock.now())',
    replace: 'async () => void [cancellations, cancellation, clock]',
  },
  'a cancellation holds for what is emitted after it': {
    file: 'lib/later/cancellations.ts',
    find: 'return at !== undefined && emittedAt(event) <= at;',
    replace: 'return at !== undefined;',
  },
  'a cancellation and what is emitted after it have the same time': {
    file: 'lib/runtime/handling/later-options.ts',
    find: 'this.#lastCancelled + 1',
    replace: 'this.#lastCancelled',
  },
  'a cancellation deletes the schedules of all events with its key': {
    file: 'lib/later/schedules.ts',
    find: 'if (found && isMeant(cancellation, found.Target?.Input))',
    replace: 'if (found)',
    also: {
      file: 'lib/later/schedules.ts',
      find: "return 'event' in message && cancels(cancellation, message);",
      replace: "return 'event' in message;",
    },
  },
  'an event that was not published is acknowledged': {
    file: 'lib/later/decide.ts',
    find: "return retryable ? failedOnce(record, error) : { status: 'dead', error };",
    replace: "return retryable ? { status: 'published' } : { status: 'dead', error };",
  },
};
