import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../lib/publishing/topic/content.ts';
import {
  Answered,
  BOTH,
  claimer,
  deadLetters,
  emitAndCommit,
  type Handler,
  message,
  newId,
  putRecord,
  recordOf,
  run,
  seen,
  setup,
  useRig,
} from './rig.ts';

useRig();

const DIGEST_OF_ONE =
  contentOf({ specversion: '1.0', id: '', source: '/test', type: 'test.Asked.v1', data: { n: 1 } }).digest ??
  '';

/** A message with an event that says something, under an id that another may have too. */
const saying = (id: string, event: object, attempt = 1) =>
  message(id, {
    attempt,
    body: JSON.stringify({
      specversion: '1.0',
      id,
      source: '/test',
      type: 'test.Asked.v1',
      data: { n: 1 },
      ...event,
    }),
  });

const nothing: Handler = () => undefined;

describe.each(BOTH)('with effects: %s, an event under the identity of another', (_effects, consumer) => {
  const handler: Handler = consumer === claimer ? nothing : emitAndCommit;

  /** Handles one event, and then others under the same identity, each as a batch of its own. */
  async function handleAfter(id: string, second: object, attempt = 1) {
    await run(setup(consumer, handler), [saying(id, { data: { n: 1, more: 2 } })]);
    seen.sqsCommands.length = 0;
    return run(setup(consumer, handler), [saying(id, second, attempt)]);
  }

  it.each([
    ['other data', { data: { n: 2 } }],
    ['another subject', { data: { n: 1, more: 2 }, subject: 'other' }],
    ['more in its data', { data: { n: 1, more: 2, most: 3 } }],
  ])('that has %s is a dead letter, not a duplicate', async (_what, second) => {
    const id = newId();
    expect(await handleAfter(id, second)).toEqual([]);
    expect(deadLetters()).toEqual([expect.objectContaining({ errorName: 'ConflictingEventError' })]);
    expect((await recordOf(id))?.status?.S).toMatch(/^COM/);
  });

  it.each([
    ['the order of its members', { data: { more: 2, n: 1 } }],
    [
      'its time and its trace',
      { data: { n: 1, more: 2 }, time: '2026-01-01T00:00:00Z', correlationid: 'other' },
    ],
  ])('that differs in %s only is a duplicate', async (_what, second) => {
    const id = newId();
    await handleAfter(id, second, 2);
    expect(deadLetters()).toEqual([]);
    expect(seen.reports.at(-1)?.items[0]?.outcome?.status).toMatch(/duplicate|unpublished/);
  });

  it('that shares a batch with it comes again, in whichever place, and is a dead letter then', async () => {
    const id = newId();
    const other = saying(id, { data: { n: 2 } });
    const records = [saying(id, {}), other, saying(id, {})];
    expect(await run(setup(consumer, handler), records)).toEqual([other.messageId]);
    expect(deadLetters()).toEqual([]);
    expect(await run(setup(consumer, handler), [saying(id, { data: { n: 2 } }, 2)])).toEqual([]);
    expect(deadLetters()).toEqual([expect.objectContaining({ errorName: 'ConflictingEventError' })]);
  });

  it('harms no duplicate of it in the same batch: only the other is a dead letter', async () => {
    const id = newId();
    await run(setup(consumer, handler), [saying(id, {})]);
    seen.sqsCommands.length = 0;
    const duplicate = saying(id, {}, 2);
    expect(await run(setup(consumer, handler), [saying(id, { data: { n: 2 } }, 2), duplicate])).toEqual([
      duplicate.messageId,
    ]);
    expect(deadLetters()).toEqual([expect.objectContaining({ errorName: 'ConflictingEventError' })]);
    expect(await run(setup(consumer, handler), [saying(id, {}, 3)])).toEqual([]);
    expect(deadLetters()).toHaveLength(1);
  });

  it('is handled when the one before it in its batch fails: nothing of that is done yet', async () => {
    const id = newId();
    const failsFirst: Handler = (event) => {
      if (event.data.n === 1) throw new Error('no');
    };
    const records = [saying(id, {}), saying(id, { data: { n: 2 } })];
    expect(await run(setup(consumer, failsFirst), records)).toHaveLength(2);
    expect(await run(setup(consumer, failsFirst), [saying(id, { data: { n: 2 } }, 2)])).toEqual([]);
    expect(deadLetters()).toEqual([]);
  });

  it('whose handler fails at its first delivery comes to the dead-letter queue at the latest with the next', async () => {
    const id = newId();
    await run(setup(consumer, handler), [saying(id, {})]);
    seen.sqsCommands.length = 0;
    const failing = setup(consumer, () => Promise.reject(new Error('no')));
    const first = await run(failing, [saying(id, { data: { n: 2 } })]);
    if (first.length > 0) await run(failing, [saying(id, { data: { n: 2 } }, 2)]);
    expect(deadLetters()).toEqual([expect.objectContaining({ errorName: 'ConflictingEventError' })]);
  });

  it('is handled when the other has failed: nothing of it is done yet', async () => {
    const id = newId();
    await run(
      setup(consumer, () => Promise.reject(new Error('no'))),
      [saying(id, {})],
    );
    await run(setup(consumer, handler), [saying(id, { data: { n: 2 } }, 2)]);
    seen.sqsCommands.length = 0;
    await run(setup(consumer, handler), [saying(id, {}, 2)]);
    expect(deadLetters()).toEqual([expect.objectContaining({ errorName: 'ConflictingEventError' })]);
  });
});

describe('an event under the identity of another', () => {
  it('of another type is a dead letter, though the consumer has a record of it only', async () => {
    const id = newId();
    await putRecord(id, { status: 'COMPLETED', type: 'test.Other.v1' });
    await run(setup(claimer, nothing), [saying(id, {})]);
    expect(deadLetters()).toEqual([
      expect.objectContaining({
        errorMessage: expect.stringContaining('a test.Other.v1 with the same source and id came before'),
      }),
    ]);
  });

  it('in another version is a duplicate: it is published once for old and once for new consumers', async () => {
    const id = newId();
    await putRecord(id, { status: 'COMPLETED', type: 'test.Asked.v2', digest: 'other' });
    await run(setup(claimer, nothing), [saying(id, {})]);
    expect(deadLetters()).toEqual([]);
  });

  it('is a duplicate when the record is of an earlier release, which kept no digest', async () => {
    const id = newId();
    await putRecord(id, { status: 'COMPLETED', type: 'test.Asked.v1' });
    await run(setup(claimer, nothing), [saying(id, {})]);
    expect(deadLetters()).toEqual([]);
  });

  it('that a consumer has emitted anew is a duplicate: a repeated attempt may emit other data, the first counts', async () => {
    const id = newId();
    const source = '/consumers/other';
    await run(setup(claimer, nothing), [saying(id, { source })]);
    await run(setup(claimer, nothing), [saying(id, { source, data: { n: 2 } }, 2)]);
    expect(deadLetters()).toEqual([]);
  });

  it.each(['done', 'failed'])(
    'that shares a batch is a dead letter, though another invocation has finished the first, which is %s here',
    async (how) => {
      const id = newId();
      const handler: Handler = async () => {
        // Another invocation has taken the event over, and is through with it.
        await putRecord(id, { status: 'COMPLETED', type: 'test.Asked.v1', digest: DIGEST_OF_ONE });
        if (how === 'failed') throw new Error('no');
      };
      const other = saying(id, { data: { n: 2 } });
      expect(await run(setup(claimer, handler), [saying(id, {}), other])).toEqual([other.messageId]);
      expect(await run(setup(claimer, handler), [saying(id, { data: { n: 2 } }, 2)])).toEqual([]);
      expect(deadLetters()).toEqual([expect.objectContaining({ errorName: 'ConflictingEventError' })]);
    },
  );

  it('costs no request more than a duplicate', async () => {
    const id = newId();
    await run(
      setup(claimer, (_event, ctx) => ctx.emit(Answered, { n: 1 })),
      [saying(id, {})],
    );
    seen.requests.length = 0;
    await run(setup(claimer, nothing), [saying(id, { data: { n: 2 } })]);
    expect(seen.requests).toEqual(['BatchExecuteStatementCommand', 'UpdateItemCommand']);
  });
});
