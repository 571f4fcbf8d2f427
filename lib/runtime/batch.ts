import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { ConsumerDefinition } from '../contracts/define-consumer.ts';
import { buryDead } from './bury-dead.ts';
import { type Claiming, claimJobs, claimSuspect } from './claim-jobs.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import { reasonOf, toError } from './error-reason.ts';
import type { Handle } from './handle.ts';
import type { Tenancy } from './idempotency/tenancy.ts';
import { comesAgain, type Job, type Poison } from './job.ts';
import { block, runInLanes } from './lanes.ts';
import type { Ports } from './ports.ts';
import { createTurns } from './rate-limit.ts';
import { readRecords } from './read-records.ts';
import { scheduleRedeliveries } from './redelivery.ts';
import { redeliveryOf } from './redelivery-delay.ts';
import { type BatchRun, runJob } from './run-job.ts';
import { settleJobs } from './settle-jobs.ts';
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
  await claimJobs(
    batch.claiming,
    jobs.filter((job) => needsClaim(setup, job)),
  );
  const { together, apart } = divide(jobs);
  await batch.run(together, poisons);
  for (const one of apart) await runApart(batch, one);
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

const MS_PER_DAY = 86_400_000;
/**
 * No handler begins under a rate limit when more of the invocation's time is over. The synthesis has proven that half of
 * it is enough to wait in; the rest of this is for slow answers and lost slots.
 */
const LATEST_TURN_SHARE = 2 / 3;

/** A batch while it is processed. */
interface Batch {
  readonly claiming: Claiming;
  /** Messages that the dead-letter queue did not take, and why. */
  readonly refused: Map<string, string>;
  /** Messages whose next delivery could not be set. */
  unscheduled: number;
  /** Brings jobs to their end: handles, settles, buries and schedules them. */
  run(jobs: readonly Job[], poisons: readonly Poison[]): Promise<void>;
}

function createBatch(setup: ConsumerSetup, remainingMs: number): Batch {
  const { definition, ports } = setup;
  const { clock } = ports;
  const latestTurn = clock.now() + remainingMs * LATEST_TURN_SHARE;
  const deadline = createDeadline(clock, remainingMs);
  const tenancy = createTenancy(setup, deadline);
  const { rateLimit, retry } = definition;
  // Without a rate limit there is no turn to wait for, and no request to make.
  const turn = rateLimit && createTurns({ rateLimit, tenancy, clock, latest: latestTurn });
  const run: BatchRun = { tenancy, deadline, turn };
  const batch: Batch = {
    claiming: { tenancy, clock, deadline, maxAttempts: retry.maxAttempts },
    refused: new Map(),
    unscheduled: 0,
    run: async (jobs, poisons) => {
      await runInLanes(
        jobs,
        (job) => runJob(setup, run, job),
        (job) => finish([job], []),
      );
      await finish(
        jobs.filter(({ finished }) => !finished),
        poisons,
      );
    },
  };
  return batch;

  async function finish(jobs: readonly Job[], poisons: readonly Poison[]): Promise<void> {
    const until = deadline.settlingEndsAt;
    await settleJobs(setup, run, jobs);
    for (const [id, reason] of await buryDead(setup, { jobs, poisons, until })) batch.refused.set(id, reason);
    for (const one of [...jobs, ...poisons]) one.finished = true;
    const redeliveries = jobs.flatMap((job) => redeliveryOf(job, { retry, ports }));
    batch.unscheduled += await scheduleRedeliveries(ports, { queueUrl: setup.queueUrl, until }, redeliveries);
  }
}

/** Brings the jobs of a lane to their end one by one, each with no other event in the hands of the process. */
async function runApart(batch: Batch, { lane, before }: Apart): Promise<void> {
  let blocked = before.some(comesAgain);
  for (const job of lane) {
    if (blocked) block(job);
    if (job.suspect && !job.outcome) await claimSuspect(batch.claiming, job, job.suspect);
    await batch.run([job], []);
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

function createTenancy({ definition, idempotencyTable, ports }: ConsumerSetup, deadline: Deadline): Tenancy {
  const { clock, dynamodb, newToken, random } = ports;
  return {
    dynamodb,
    table: idempotencyTable,
    owner: newToken(),
    startedAt: clock.now(),
    leaseUntil: deadline.endsAt,
    settlingEndsAt: deadline.settlingEndsAt,
    expiresAt: Math.floor((clock.now() + definition.idempotencyDays * MS_PER_DAY) / 1000),
    now: clock.now,
    sleep: clock.sleep,
    random,
  };
}
