import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { ConsumerDefinition } from '../contracts/define-consumer.ts';
import { type Batch, createBatch } from './batch-in-progress.ts';
import { claimJobs, claimSuspect } from './claim-jobs.ts';
import { reasonOf, toError } from './error-reason.ts';
import type { Handle } from './handle.ts';
import { comesAgain, type Job, orderedGroupOf, type Poison } from './job.ts';
import { block } from './lanes.ts';
import type { Ports } from './ports.ts';
import { readRecords } from './read-records.ts';
import { type Apart, divide } from './suspects.ts';
import type { Telemetry } from './telemetry/telemetry.ts';

/** Everything a consumer needs that does not change from batch to batch. */
export interface ConsumerSetup {
  readonly definition: ConsumerDefinition;
  /** By contract type, without the version. */
  readonly handlers: ReadonlyMap<string, Handle>;
  readonly idempotencyTable: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** Names of the consumer's own tables, by role. */
  readonly tables: Readonly<Record<string, string>>;
  readonly ports: Ports;
  readonly telemetry: Telemetry;
}

/**
 * Processes a batch of messages: read, claim, handle, publish what was emitted, settle.
 *
 * @param remainingMs how long the invocation may last
 * @returns the messages that stay in the queue. It rejects never: whatever goes wrong with one event is that event's.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function processBatch(
  setup: ConsumerSetup,
  records: readonly SQSRecord[],
  remainingMs: number,
): Promise<SQSBatchResponse> {
  const { clock } = setup.ports;
  const startedAt = clock.now();
  const batch = createBatch(setup, remainingMs);
  const { jobs, poisons } = readRecords(records, setup.definition.listensTo);
  tell(() => setup.telemetry.begin(jobs));
  let fault: Error | undefined;
  try {
    await processJobs(setup, batch, jobs, poisons);
  } catch (error) {
    // No event may fail another. A fault of ours is logged, and whatever is not finished comes again.
    fault = toError(error);
  }
  const { refused, unscheduled } = batch;
  const returned = new Set([
    ...jobs.filter((job) => !job.finished || comesAgain(job)).flatMap(messageIdsOf),
    ...poisons.flatMap(({ record: { messageId }, finished }) =>
      finished && !refused.has(messageId) ? [] : [messageId],
    ),
  ]);
  const report = { jobs, poisons, returned, refused, unscheduled, fault, startedAt, endedAt: clock.now() };
  tell(() => setup.telemetry.report(report));
  return { batchItemFailures: [...returned].map((itemIdentifier) => ({ itemIdentifier })) };
}

async function processJobs(
  setup: ConsumerSetup,
  batch: Batch,
  jobs: readonly Job[],
  poisons: readonly Poison[],
): Promise<void> {
  const burying = batch.buryUnreadable(poisons);
  await claimJobs(
    batch.claiming,
    jobs.filter((job) => !job.outcome && needsClaim(setup, job)),
  );
  if (poisons.some(({ record }) => orderedGroupOf(record))) {
    await burying;
    blockBehind(poisons, batch.refused, jobs);
  }
  const { together, apart } = divide(jobs);
  await batch.run(together);
  for (const one of apart) await runApart(batch, one);
  await burying;
}

/** On a FIFO queue, what follows an unreadable message waits until that is in the dead-letter queue. */
function blockBehind(
  poisons: readonly Poison[],
  refused: ReadonlyMap<string, string>,
  jobs: readonly Job[],
): void {
  const groups = new Set(
    poisons.flatMap(({ record }) => (refused.has(record.messageId) ? [orderedGroupOf(record)] : [])),
  );
  for (const job of jobs) if (groups.has(orderedGroupOf(job.records[0]))) block(job);
}

/** Brings the jobs of a lane to their end one by one, each with no other event in the hands of the process. */
async function runApart(batch: Batch, { lane, before }: Apart): Promise<void> {
  let blocked = before.some(comesAgain);
  for (const job of lane) {
    if (blocked) block(job);
    if (job.suspect && !job.outcome) await claimSuspect(batch.claiming, job, job.suspect);
    await batch.run([job]);
    blocked ||= comesAgain(job);
  }
}

/**
 * With `effects: 'commit'` the transaction of the commit is the claim of a first delivery. A message that comes again has
 * failed, or waited, or its process has died: it is claimed, so that its attempts are counted.
 */
function needsClaim({ definition }: ConsumerSetup, { receiveCount }: Job): boolean {
  return definition.effects === 'claim' || receiveCount > 1;
}

function messageIdsOf({ records }: Job): string[] {
  return records.map(({ messageId }) => messageId);
}

/** A line that cannot be written must not bring the whole batch back. */
function tell(say: () => void): void {
  try {
    say();
  } catch (error) {
    // What is left is the plainest of logs; this line has no event in it.
    console.error(`telemetry failed: ${reasonOf(toError(error)).message}`);
  }
}
