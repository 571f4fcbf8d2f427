import { describe, expect, it } from 'vitest';
import { PermanentError } from '../../../lib/runtime/errors.ts';
import {
  Answered,
  claimer,
  deadLetters,
  emitAndCommit,
  type Handler,
  message,
  newId,
  PUBLISHES,
  putRecord,
  REFUSES,
  run,
  seen,
  setup,
  useRig,
} from './rig.ts';

useRig();

const LEASE_UNTIL = Date.now() + 600_000;
const NO = new Error('no');
const NOT_PUBLISHED = /an emitted event was not published: Throttled/;
const DONE_UNPUBLISHED = /the event is done, but its events are not published yet/;

const NOT_SETTLED = /the event was handled, but its record could not be settled/;
const DOWN = Object.assign(new Error('down'), { name: 'AccessDeniedException' });

/** What the handler does, and how its event ends when the record says meanwhile that another invocation is so far with it. */
const ENDINGS: readonly {
  readonly name: string;
  readonly handler: Handler;
  readonly COMPLETED: object;
  readonly COMMITTED: object;
  readonly IN_PROGRESS: object;
  readonly FAILED: object;
  /** No record can be read or written. */
  readonly UNAVAILABLE: object;
}[] = [
  {
    name: 'is done',
    handler: () => undefined,
    COMPLETED: { status: 'completed' },
    COMMITTED: { status: 'failed', recorded: false, error: failing(DONE_UNPUBLISHED) },
    IN_PROGRESS: { status: 'leased', untilMs: LEASE_UNTIL },
    FAILED: { status: 'completed' },
    UNAVAILABLE: { status: 'failed', recorded: false, error: failing(NOT_SETTLED) },
  },
  {
    name: 'is done but for its events',
    handler: (_event, ctx) => ctx.emit(Answered, { n: 1 }),
    COMPLETED: { status: 'duplicate' },
    COMMITTED: { status: 'failed', recorded: false, error: failing(NOT_PUBLISHED) },
    IN_PROGRESS: { status: 'failed', recorded: false, error: failing(NOT_PUBLISHED) },
    FAILED: { status: 'failed', recorded: false, error: failing(NOT_PUBLISHED) },
    UNAVAILABLE: { status: 'failed', recorded: false, error: failing(NOT_PUBLISHED) },
  },
  {
    name: 'fails',
    handler: () => Promise.reject(NO),
    COMPLETED: { status: 'duplicate' },
    COMMITTED: { status: 'failed', recorded: false, error: failing(DONE_UNPUBLISHED) },
    IN_PROGRESS: { status: 'failed', recorded: true, error: NO },
    FAILED: { status: 'failed', recorded: true, error: NO },
    UNAVAILABLE: { status: 'failed', recorded: true, error: NO },
  },
  {
    name: 'fails for good',
    handler: () => Promise.reject(new PermanentError('no')),
    COMPLETED: { status: 'duplicate' },
    COMMITTED: { status: 'failed', recorded: false, error: failing(DONE_UNPUBLISHED) },
    IN_PROGRESS: { status: 'leased', untilMs: LEASE_UNTIL },
    FAILED: { status: 'leased', untilMs: 0 },
    UNAVAILABLE: { status: 'failed', recorded: false, error: expect.any(PermanentError) },
  },
];

function refuseAll(): void {
  seen.before = () => {
    throw DOWN;
  };
}

function failing(text: RegExp): object {
  return expect.objectContaining({ message: expect.stringMatching(text) });
}

describe.each(ENDINGS)('an event that $name with a zombie', ({ handler, ...endings }) => {
  it.each(['COMPLETED', 'COMMITTED', 'IN_PROGRESS', 'FAILED', 'UNAVAILABLE'] as const)(
    'ends as its record allows: %s',
    async (status) => {
      const id = newId();
      const overtaken: Handler = async (event, ctx) => {
        if (status === 'UNAVAILABLE') refuseAll();
        else await putRecord(id, { status, leaseUntil: LEASE_UNTIL });
        await handler(event, ctx);
      };
      const left = await run(setup(claimer, overtaken, { publisher: REFUSES }), [message(id)]);
      const outcome = seen.reports[0]?.items[0]?.outcome;
      expect(outcome).toMatchObject(endings[status]);
      expect(left).toHaveLength(outcome?.status === 'failed' || outcome?.status === 'leased' ? 1 : 0);
      expect(deadLetters()).toHaveLength(outcome?.status === 'deadLettered' ? 1 : 0);
    },
  );
});

it('an event that is committed and published is acknowledged, though its outbox cannot be removed', async () => {
  const consumer = setup(claimer, emitAndCommit, {
    publisher: {
      ...PUBLISHES,
      publish: (events) => {
        refuseAll();
        return PUBLISHES.publish(events);
      },
    },
  });
  expect(await run(consumer, [message(newId())])).toEqual([]);
  expect(seen.published).toHaveLength(1);
});

it('what could not be settled is told with its cause', async () => {
  await run(setup(claimer, refuseAll), [message(newId())]);
  const outcome = seen.reports[0]?.items[0]?.outcome;
  expect(outcome?.status === 'failed' && outcome.error.cause).toBe(DOWN);
});
