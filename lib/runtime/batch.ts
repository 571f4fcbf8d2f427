import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { ConsumerDefinition } from '../contracts/define-consumer.ts';
import type { EventContract } from '../contracts/define-event.ts';
import { EventContext } from './context.ts';
import { sendDeadLetters } from './dead-letter.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import { type Handle, handle, type Run } from './handle.ts';
import { claimAll } from './idempotency/claim.ts';
import { factsOf } from './idempotency/facts.ts';
import type { Tenancy } from './idempotency/tenancy.ts';
import { type Job, type Poison, receiveCountOf } from './job.ts';
import { runInLanes } from './lanes.ts';
import type { Ports } from './ports.ts';
import { createTurns, type Turn } from './rate-limit.ts';
import { knownTypes, readEvent } from './read-event.ts';
import { scheduleRedeliveries } from './redelivery.ts';
import { redeliveryOf } from './redelivery-delay.ts';
import { settleBatch } from './settle-batch.ts';
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
 * @returns the messages that stay in the queue. It never throws for a single message's sake.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function processBatch(
  setup: ConsumerSetup,
  records: readonly SQSRecord[],
  remainingMs: number,
): Promise<SQSBatchResponse> {
  const { clock } = setup.ports;
  const startedAt = clock.now();
  const deadline = createDeadline(clock, remainingMs);
  const tenancy = createTenancy(setup, deadline);
  const { jobs, poisons } = readRecords(records, setup.definition.listensTo);
  if (setup.definition.effects === 'claim') await claimJobs(tenancy, jobs);
  const turn = createTurn(setup, tenancy, startedAt + remainingMs * LATEST_TURN_SHARE);
  await runInLanes(jobs, (job) => runJob(setup, { tenancy, deadline, turn }, job));
  const returned = new Set(await settleBatch(setup, tenancy, jobs));
  for (const id of await buryDead(setup, jobs, poisons)) returned.add(id);
  const unscheduled = await scheduleRedeliveries(
    setup.ports.sqs,
    setup.queueUrl,
    jobs.flatMap((job) => redeliveryOf(job, { returned, retry: setup.definition.retry, ports: setup.ports })),
  );
  setup.telemetry.report({ jobs, poisons, returned, unscheduled, startedAt, endedAt: clock.now() });
  return { batchItemFailures: [...returned].map((itemIdentifier) => ({ itemIdentifier })) };
}

const MS_PER_DAY = 86_400_000;
/**
 * No handler begins under a rate limit when more of the invocation's time is over. The synthesis has proven that half of
 * it is enough to wait in; the rest of this is for slow answers and lost slots.
 */
const LATEST_TURN_SHARE = 2 / 3;

function createTenancy({ definition, idempotencyTable, ports }: ConsumerSetup, deadline: Deadline): Tenancy {
  const { clock, dynamodb, newToken } = ports;
  return {
    dynamodb,
    table: idempotencyTable,
    owner: newToken(),
    leaseUntil: deadline.endsAt,
    expiresAt: Math.floor((clock.now() + definition.idempotencyDays * MS_PER_DAY) / 1000),
    now: clock.now,
  };
}

/** Without a rate limit there is no turn to wait for, and no request to make. */
function createTurn(
  { definition, ports }: ConsumerSetup,
  tenancy: Tenancy,
  latest: number,
): Turn | undefined {
  const { rateLimit } = definition;
  return rateLimit && createTurns({ rateLimit, tenancy, clock: ports.clock, latest });
}

/** Sorts messages into events and poison; messages that carry the same event become one job. */
function readRecords(
  records: readonly SQSRecord[],
  contracts: readonly EventContract[],
): { readonly jobs: readonly Job[]; readonly poisons: readonly Poison[] } {
  const known = knownTypes(contracts);
  const jobs = new Map<string, Job>();
  const poisons: Poison[] = [];
  for (const record of records) {
    try {
      const read = readEvent(record, known);
      const facts = factsOf(read.event);
      const same = jobs.get(facts.id);
      const attempt = receiveCountOf(record);
      jobs.set(
        facts.id,
        same
          ? { ...same, records: [...same.records, record] }
          : { ...read, facts, records: [record], attempt },
      );
    } catch (error) {
      // Whatever makes a message unreadable does so every time: it goes to the dead-letter queue with this reason.
      poisons.push({ record, error: error instanceof Error ? error : new Error(String(error)) });
    }
  }
  return { jobs: [...jobs.values()], poisons };
}

async function claimJobs(tenancy: Tenancy, jobs: readonly Job[]): Promise<void> {
  const claims = await claimAll(
    tenancy,
    jobs.map(({ facts }) => facts),
  );
  for (const job of jobs) {
    const claim = claims.get(job.facts.id);
    if (claim?.status === 'completed') job.outcome = { kind: 'duplicate' };
    if (claim?.status === 'committed') job.outcome = { kind: 'unpublished', outbox: claim.outbox };
    if (claim?.status === 'busy') job.outcome = { kind: 'busy', untilMs: claim.leaseUntil };
    if (claim?.status === 'unavailable')
      job.outcome = { kind: 'failed', error: claim.error, recorded: false };
  }
}

function runJob(
  { definition, handlers, ports, tables, telemetry }: ConsumerSetup,
  { tenancy, ...run }: { readonly tenancy: Tenancy } & Omit<Run, 'handler' | 'eventData'>,
  job: Job,
): Promise<NonNullable<Job['outcome']>> {
  const handler = handlers.get(job.contract.type);
  if (!handler) throw new TypeError(`${definition.name} has no handler for ${job.contract.type}`);
  const context = new EventContext({
    definition,
    ports,
    tenancy,
    job,
    tables,
    signal: run.deadline.signal,
    createLogger: () => telemetry.loggerFor(job.event),
  });
  return handle(job, context, { handler, eventData: ports.eventData, ...run });
}

function buryDead(
  { ports, deadLetterQueueUrl }: ConsumerSetup,
  jobs: readonly Job[],
  poisons: readonly Poison[],
) {
  const dead = jobs.flatMap(({ records, outcome }) =>
    outcome?.kind === 'dead' ? records.map((record) => ({ record, error: outcome.error })) : [],
  );
  return sendDeadLetters(ports, deadLetterQueueUrl, [...dead, ...poisons]);
}
