import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import type { BatchItem } from '../../../lib/runtime/batch/batch-item.ts';
import { claimer, commitEffect, message, newId, run, seen, setup, sqsThat, useRig } from './rig.ts';

useRig();

it('telemetry is told which events a batch has, and what became of them', async () => {
  const [good, bad, unreadable] = [message(newId()), message(newId()), message(newId(), { body: '{' })];
  const begun: (readonly BatchItem[])[] = [];
  let time = 1_000;
  const consumer = setup(
    claimer,
    (event, ctx) =>
      good.body.includes(event.id) ? commitEffect(event, ctx) : Promise.reject(new Error('not now')),
    {
      clock: { now: () => ++time, sleep: () => new Promise(() => undefined) },
      sqs: sqsThat(async (command) => {
        if (command instanceof ChangeMessageVisibilityBatchCommand) throw new Error('no such queue');
        return { Failed: [{ Id: '0', Code: 'Refused', Message: 'not today' }] };
      }),
    },
  );
  const telemetry = { ...consumer.telemetry, begin: (items: readonly BatchItem[]) => void begun.push(items) };
  expect(await run({ ...consumer, telemetry }, [good, bad, unreadable])).toHaveLength(2);
  const report = seen.reports[0];
  expect(begun).toEqual([report?.items]);
  expect(report).toEqual({
    items: [
      expect.objectContaining({ records: [good], outcome: expect.objectContaining({ status: 'completed' }) }),
      expect.objectContaining({ records: [bad], outcome: expect.objectContaining({ status: 'failed' }) }),
    ],
    unreadable: [expect.objectContaining({ record: unreadable })],
    returned: new Set([bad.messageId, unreadable.messageId]),
    refused: new Map([[unreadable.messageId, 'Refused: not today']]),
    unscheduled: 1,
    fault: undefined,
    startedAt: 1_001,
    endedAt: time,
  });
});

it('after a fault of the runtime whatever it has not finished comes again, and the fault is told', async () => {
  const records = [message(newId()), message(newId(), { body: '{' })];
  const consumer = setup(claimer, commitEffect);
  const broken = Object.defineProperty({ ...consumer }, 'deadLetterQueueUrl', {
    get: () => {
      throw new Error('never set');
    },
  });
  expect(await run(broken, records)).toEqual(records.map(({ messageId }) => messageId));
  expect(seen.reports[0]?.fault).toEqual(new Error('never set'));
});
