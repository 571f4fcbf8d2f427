import type { Fault } from './fault.ts';

/** Faults in what is emitted and how it is published. */
export const PUBLISHING_FAULTS: Readonly<Record<string, Fault>> = {
  'ids not deterministic': {
    file: 'lib/runtime/handling/emitted-event.ts',
    find: 'String(position))',
    replace: 'String(position + now))',
  },
  'the position of an emitted event is always 0': {
    file: 'lib/runtime/handling/context.ts',
    find: 'position: this.#emitted.position,',
    replace: 'position: 0,',
  },
  'outbox published before the commit': {
    file: 'lib/runtime/handling/context.ts',
    find: "    this.#state = 'committing';\n",
    replace:
      "    this.#state = 'committing';\n    void ports.publisher?.publish(this.#emitted.map((event) => JSON.parse(event)));\n",
  },
  'outbox of another invocation not published': {
    file: 'lib/runtime/handling/repetition.ts',
    find: "return outbox.length > 0 ? { status: 'committed', outbox } : { status: 'duplicate' };",
    replace: "return { status: 'duplicate' };",
  },
  'only the first event of an outbox published': {
    file: 'lib/runtime/batch/outbox.ts',
    find: 'entries: outboxOf(item).map(',
    replace: 'entries: outboxOf(item).slice(0, 1).map(',
  },
  'a half published outbox counts as published': {
    file: 'lib/runtime/batch/outbox.ts',
    find: "if (outcome?.status === 'published') continue;",
    replace: "if (outcome?.status === 'published') return undefined;",
  },
  'uncommitted emits completed unpublished': {
    file: 'lib/runtime/batch/settle-items.ts',
    find: "if (publication?.error) return [{ ...settlement, status: 'committed', outbox: outcome.outbox }];",
    replace: '',
  },
  'acknowledged although not published': {
    file: 'lib/runtime/batch/settle-items.ts',
    find: 'else item.outcome = failedUnrecorded(publication.error);',
    replace: '',
  },
  'a publication is noted on any record': {
    file: 'lib/runtime/idempotency/settle.ts',
    find: `where: \`AND "status"='COMMITTED'\``,
    replace: "where: ''",
  },
  'a silent topic is waited for': {
    file: 'lib/runtime/batch/batch-in-progress.ts',
    find: ': publishingEndsAt;',
    replace: ': deadline.endsAt + 60_000;',
  },
  'published past what was refused': {
    file: 'lib/publishing/topic/topic-publisher.ts',
    find: "progress.outcomes.get(group[round] ?? -1)?.status === 'published'",
    replace: "progress.outcomes.get(group[round] ?? -1)?.status !== 'none'",
  },
  'what is published is not kept behind its group': {
    file: 'lib/runtime/batch/message-groups.ts',
    find: "if (item.outcome && item.outcome.status !== 'committed') return;",
    replace: 'if (item.outcome) return;',
  },
  'bytes of a batch of events not counted': {
    file: 'lib/publishing/topic/publish-chunks.ts',
    find: 'maxBytes: MAX_MESSAGE_BYTES',
    replace: 'maxBytes: 9 * MAX_MESSAGE_BYTES',
  },
};
