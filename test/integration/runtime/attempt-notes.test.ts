import { describe, expect, it } from 'vitest';
import { parseAttemptNote } from '../../../lib/contracts/delivery/attempt-note.ts';
import { noteOperation } from '../../../lib/ops/trace/operation-note.ts';
import {
  BOTH,
  client,
  commitEffect,
  committer,
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

const fails: Handler = () => Promise.reject(new TypeError('the stock service answered 503'));
const notesOf = async (id: string) => ((await recordOf(id))?.attemptNotes?.L ?? []).map(({ S = '' }) => S);
const readNotesOf = async (id: string) => (await notesOf(id)).map((note) => parseAttemptNote(note));
const bytesOf = async (id: string) => JSON.stringify(await recordOf(id)).length;

describe.each(BOTH)('with effects %s', (_, definition) => {
  it('a record notes each attempt that failed, and keeps them when one succeeds', async () => {
    const id = newId();
    const before = Date.now();
    await run(setup(definition, fails), [message(id)]);
    await run(setup(definition, fails), [message(id, { attempt: 2 })]);
    await run(setup(definition, commitEffect), [message(id, { attempt: 3 })]);
    const notes = await readNotesOf(id);
    expect(notes.map((note) => note?.attempt)).toEqual([2, 1]);
    for (const note of notes) {
      expect(note?.reason).toBe('TypeError: the stock service answered 503');
      expect(note?.startedAt).toBeGreaterThanOrEqual(before);
      expect(note?.endedAt).toBeGreaterThanOrEqual(note?.startedAt ?? Number.NaN);
    }
    expect(await recordOf(id)).toMatchObject({
      status: { S: expect.stringMatching(/^COMPLETED /) },
      attempts: { N: '3' },
    });
  });

  it('a record says whether its event was given up, until it is tried again', async () => {
    const id = newId();
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect((await recordOf(id))?.dead).toBeUndefined();
      await run(setup(definition, fails), [message(id, { attempt })]);
    }
    expect(await recordOf(id)).toMatchObject({ status: { S: 'FAILED' }, dead: { BOOL: true } });
    expect(await bytesOf(id)).toBeLessThan(1_024);
    // Redriven: another message, received for the first time.
    await run(setup(definition, commitEffect), [message(id, { firstReceivedAt: Date.now() })]);
    const record = await recordOf(id);
    expect(record?.dead).toBeUndefined();
    expect(record).toMatchObject({
      status: { S: expect.stringMatching(/^COMPLETED /) },
      attempts: { N: '1' },
    });
    expect(await notesOf(id)).toHaveLength(5);
  });

  it('a record that was given up and sent back is not given up any more once it has failed anew', async () => {
    const id = newId();
    for (let attempt = 1; attempt <= 5; attempt++)
      await run(setup(definition, fails), [message(id, { attempt })]);
    expect(
      await noteOperation(
        { dynamodb: client },
        { idempotencyTable: 'records' },
        [{ eventId: id, source: '/test' }],
        'redriven',
      ),
    ).toBe(true);
    await run(setup(definition, fails), [message(id, { firstReceivedAt: Date.now() })]);
    const record = await recordOf(id);
    expect(record).toMatchObject({ status: { S: 'FAILED' }, attempts: { N: '1' } });
    expect(record?.dead).toBeUndefined();
    expect(record?.operation).toBeUndefined();
  });

  it('a record keeps the last ten notes', async () => {
    const id = newId();
    const setups = setup(definition, (_event, ctx) => Promise.reject(new Error(String(ctx.attempt))));
    const patient = {
      ...setups,
      definition: { ...definition, retry: { ...definition.retry, maxAttempts: 100 } },
    };
    for (let attempt = 1; attempt <= 13; attempt++) await run(patient, [message(id, { attempt })]);
    const numbers = (await readNotesOf(id)).map((note) => note?.attempt);
    expect(numbers).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4]);
  });

  it('notes cost no request: a failed attempt makes as many as before', async () => {
    const id = newId();
    await run(setup(definition, fails), [message(id)]);
    const claims = definition.effects === 'claim' ? ['BatchExecuteStatementCommand'] : [];
    expect(seen.requests).toEqual([...claims, 'UpdateItemCommand']);
  });
});

it.each(BOTH)(
  'with effects %s, a process that died is noted when its event is taken over',
  async (_, definition) => {
    const id = newId();
    const startedAt = Date.now() - 60_000;
    await putRecord(id, { leaseUntil: 1, startedAt });
    await run(setup(definition, fails), [message(id, { attempt: 2 })]);
    expect(await readNotesOf(id)).toMatchObject([
      { attempt: 2, reason: 'TypeError: the stock service answered 503' },
      { attempt: 1, startedAt, endedAt: undefined, reason: 'ProcessDiedError' },
    ]);
  },
);

it('with effects commit, a delivery that left nothing is noted at the next', async () => {
  const id = newId();
  await run(setup(committer, commitEffect), [
    message(id, { attempt: 3, firstReceivedAt: 1_700_000_000_000 }),
  ]);
  expect(await readNotesOf(id)).toEqual([
    {
      attempt: 0,
      startedAt: 1_700_000_000_000,
      endedAt: undefined,
      reason: 'NotNoted: received 2 times before, no record',
    },
  ]);
});
