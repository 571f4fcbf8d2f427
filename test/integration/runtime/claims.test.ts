import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import type { ConsumerSetup } from '../../../lib/runtime/batch.ts';
import { OutOfTime } from '../../../lib/runtime/failures.ts';
import { claimer, commitEffect, message, newId, run, seen, setup, useRig } from './rig.ts';

useRig();

/** A table that never answers. */
const SILENT = { send: () => new Promise(() => undefined) } as unknown as ConsumerSetup['ports']['dynamodb'];

it('a claim without an answer in time lets its events wait, with a pause, and is no fault of the runtime', async () => {
  const records = [message(newId()), message(newId())];
  const silent = setup(claimer, commitEffect, { dynamodb: SILENT });
  expect(await run(silent, records, 300)).toEqual(records.map(({ messageId }) => messageId));
  const [report] = seen.reports;
  const waiting = { kind: 'waiting', error: expect.any(OutOfTime) };
  expect(report?.jobs.map(({ outcome }) => outcome)).toEqual([waiting, waiting]);
  expect(report?.fault).toBeUndefined();
  expect(seen.sqsCommands).toEqual([expect.any(ChangeMessageVisibilityBatchCommand)]);
  expect(seen.sqsCommands[0]).toMatchObject({
    input: {
      QueueUrl: 'queue',
      Entries: records.map(({ receiptHandle }) => ({ ReceiptHandle: receiptHandle })),
    },
  });
});
