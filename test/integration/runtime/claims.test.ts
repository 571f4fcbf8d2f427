import { BatchExecuteStatementCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { ConsumerSetup } from '../../../lib/runtime/batch/consumer-setup.ts';
import { OutOfTimeError } from '../../../lib/runtime/errors.ts';
import {
  claimer,
  client,
  commitEffect,
  effectsOf,
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

/** A table that never answers. */
const SILENT = { send: () => new Promise(() => undefined) } as unknown as ConsumerSetup['ports']['dynamodb'];

it('a claim without an answer in time lets its events wait, with a pause, and is no fault of the runtime', async () => {
  const records = [message(newId()), message(newId())];
  const silent = setup(claimer, commitEffect, { dynamodb: SILENT });
  expect(await run(silent, records, 300)).toEqual(records.map(({ messageId }) => messageId));
  const [report] = seen.reports;
  const waiting = { status: 'released', error: expect.any(OutOfTimeError) };
  expect(report?.items.map(({ outcome }) => outcome)).toEqual([waiting, waiting]);
  expect(report?.fault).toBeUndefined();
  expect(seen.sqsCommands).toEqual([expect.any(ChangeMessageVisibilityBatchCommand)]);
  expect(seen.sqsCommands[0]).toMatchObject({
    input: {
      QueueUrl: 'queue',
      Entries: records.map(({ receiptHandle }) => ({ ReceiptHandle: receiptHandle })),
    },
  });
});

/** The embedded table, where the first command of a kind that it takes is executed and never answered. */
function silentAfter(kind: typeof BatchExecuteStatementCommand | typeof UpdateItemCommand) {
  let silent = false;
  const send = async (command: never): Promise<unknown> => {
    const answer = await client.send(command);
    if (!silent && (command as object) instanceof kind) {
      silent = true;
      return new Promise(() => undefined);
    }
    return answer;
  };
  return { send } as unknown as ConsumerSetup['ports']['dynamodb'];
}

describe('a claim without an answer keeps no other event of its batch from its handler', () => {
  const handled: string[] = [];
  const handler: Handler = ({ id }) => void handled.push(id);

  it('of an event that has failed before', async () => {
    const [failed, other] = [newId(), newId()];
    await putRecord(failed, { status: 'FAILED', failedAt: 1 });
    const messages = [message(failed, { attempt: 2 }), message(other)];
    const rig = setup(claimer, handler, { dynamodb: silentAfter(UpdateItemCommand) });
    expect(await run(rig, messages, 1_000)).toEqual([messages[0]?.messageId]);
    expect(handled.splice(0)).toEqual([other]);
    expect(await recordOf(failed)).toMatchObject({ status: { S: 'FAILED' }, attempts: { N: '1' } });
  });

  it('of 25 events, which share a request', async () => {
    const messages = Array.from({ length: 27 }, () => message(newId()));
    const rig = setup(claimer, handler, { dynamodb: silentAfter(BatchExecuteStatementCommand) });
    const returned = await run(rig, messages, 1_500);
    // Either of the two requests may come first.
    expect([2, 25]).toContain(returned.length);
    const others = messages.filter(({ messageId }) => !returned.includes(messageId));
    expect(handled.splice(0)).toEqual(others.map(({ body }) => JSON.parse(body).id));
  });

  it('of an event whose process died, and which is handled apart', async () => {
    const ids = [newId(), newId()];
    for (const id of ids) await putRecord(id, { leaseUntil: 1 });
    const messages = ids.map((id) => message(id, { attempt: 2 }));
    const rig = setup(claimer, handler, { dynamodb: silentAfter(UpdateItemCommand) });
    expect(await run(rig, messages, 1_000)).toEqual([messages[0]?.messageId]);
    expect(handled.splice(0)).toEqual([ids[1]]);
  });
});

it('a claim that was made but not answered in time is given back, and counts as no attempt', async () => {
  const id = newId();
  const dynamodb = silentAfter(BatchExecuteStatementCommand);
  expect(await run(setup(claimer, commitEffect, { dynamodb }), [message(id)], 300)).toHaveLength(1);
  expect(await recordOf(id)).toMatchObject({ status: { S: 'FAILED' }, attempts: { N: '0' } });
  expect(await run(setup(claimer, commitEffect), [message(id, { attempt: 2 })])).toEqual([]);
  expect(await effectsOf(id)).toBe(1);
});

it('a suspect that was taken over without an answer stays a suspect, as its process has left it', async () => {
  const id = newId();
  await putRecord(id, { leaseUntil: 1, attempts: 1 });
  const left = await recordOf(id);
  const dynamodb = silentAfter(UpdateItemCommand);
  expect(
    await run(setup(claimer, commitEffect, { dynamodb }), [message(id, { attempt: 2 })], 400),
  ).toHaveLength(1);
  expect(seen.reports[0]?.items[0]?.outcome).toMatchObject({ error: expect.any(OutOfTimeError) });
  expect(await recordOf(id)).toMatchObject({
    status: { S: 'IN_PROGRESS' },
    owner: left?.owner,
    leaseUntil: left?.leaseUntil,
    attempts: { N: '1' },
    alone: { BOOL: false },
    attemptNotes: { L: [] },
  });
  let handled = 0;
  const handler: Handler = () => void handled++;
  const other = newId();
  await run(setup(claimer, handler), [message(id, { attempt: 3 }), message(other)]);
  expect(handled).toBe(2);
  expect(await recordOf(id)).toMatchObject({
    status: { S: expect.stringMatching(/^COMPLETED/) },
    attempts: { N: '2' },
    alone: { BOOL: true },
    attemptNotes: { L: [{ S: expect.stringMatching(/1 ProcessDiedError$/) }] },
  });
});

describe('a claim whose time is over', () => {
  /** The embedded table. What is sent is executed; the first answer to a command of a kind comes when it is let go. */
  function slowTable(kind: typeof BatchExecuteStatementCommand | typeof UpdateItemCommand) {
    const gate = Promise.withResolvers<void>();
    const slow: { signal?: AbortSignal | undefined } = {};
    const send = async (
      command: never,
      options?: { readonly abortSignal?: AbortSignal },
    ): Promise<unknown> => {
      const answer = client.send(command);
      if (!('signal' in slow) && (command as object) instanceof kind) {
        slow.signal = options?.abortSignal;
        // It may be refused before anybody waits for it.
        answer.catch(() => undefined);
        await gate.promise;
      }
      return answer;
    };
    const dynamodb = { send } as unknown as ConsumerSetup['ports']['dynamodb'];
    return { dynamodb, slow, letGo: gate.resolve };
  }

  it('takes nothing over when its answer comes after all', async () => {
    const id = newId();
    await putRecord(id, { status: 'FAILED', attempts: 1, startedAt: 1, failedAt: Date.now() });
    const { dynamodb, letGo } = slowTable(BatchExecuteStatementCommand);
    expect(
      await run(setup(claimer, commitEffect, { dynamodb }), [message(id, { attempt: 2 })], 300),
    ).toHaveLength(1);
    letGo();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await recordOf(id)).toMatchObject({ status: { S: 'FAILED' }, attempts: { N: '1' } });
  });

  it.each([
    ['a first claim', undefined, BatchExecuteStatementCommand],
    ['the claim of an event whose process died', { leaseUntil: 1 }, UpdateItemCommand],
    ['the claim of an event that has failed', { status: 'FAILED', failedAt: 1 }, UpdateItemCommand],
  ])('ends its requests, so that nobody sends them again: %s', async (_, record, kind) => {
    const id = newId();
    if (record) await putRecord(id, record);
    const { dynamodb, slow } = slowTable(kind);
    await run(setup(claimer, commitEffect, { dynamodb }), [message(id, { attempt: record ? 2 : 1 })], 400);
    expect(slow.signal?.aborted).toBe(true);
  });
});
