import type { ConsumerSetup } from './batch.ts';
import { buryDead } from './bury-dead.ts';
import type { Claiming } from './claim-jobs.ts';
import { createDeadline, type Deadline } from './deadline.ts';
import type { Tenancy } from './idempotency/tenancy.ts';
import type { Job, Poison } from './job.ts';
import { runInLanes } from './lanes.ts';
import { createTurns } from './rate-limit.ts';
import { scheduleRedeliveries } from './redelivery.ts';
import { redeliveryOf } from './redelivery-delay.ts';
import { type BatchRun, runJob } from './run-job.ts';
import { settleJobs } from './settle-jobs.ts';

const MS_PER_DAY = 86_400_000;
/**
 * No handler begins under a rate limit when more of the invocation's time is over. The synthesis has proven that half of
 * it is enough to wait in; the rest of this is for slow answers and lost slots.
 */
const LATEST_TURN_SHARE = 2 / 3;

/** A batch while it is processed. */
export interface Batch {
  readonly claiming: Claiming;
  /** Messages that the dead-letter queue did not take, and why. */
  readonly refused: Map<string, string>;
  /** Messages whose next delivery could not be set. */
  unscheduled: number;
  /** Brings jobs to their end: handles, settles, buries and schedules them. */
  run(jobs: readonly Job[]): Promise<void>;
  /** Sends messages that carry no event to the dead-letter queue. Never rejects. */
  buryUnreadable(poisons: readonly Poison[]): Promise<void>;
}

/** By when jobs have to be at their end, in epoch milliseconds. */
interface Times {
  readonly settledAt: number;
  readonly endedAt: number;
}

/** @param remainingMs how long the invocation may last */
export function createBatch(setup: ConsumerSetup, remainingMs: number): Batch {
  const { definition, ports, queueUrl } = setup;
  const { clock } = ports;
  const { rateLimit, retry } = definition;
  const latestTurn = clock.now() + remainingMs * LATEST_TURN_SHARE;
  const deadline = createDeadline(clock, remainingMs);
  const tenancy = createTenancy(setup, deadline);
  // Without a rate limit there is no turn to wait for, and no request to make.
  const turn = rateLimit && createTurns({ rateLimit, tenancy, clock, latest: latestTurn });
  const run: BatchRun = { tenancy, deadline, turn };
  const { handlersEndAt, settlingEndsAt, requestsEndAt } = deadline;
  const batch: Batch = {
    claiming: { tenancy, clock, deadline, maxAttempts: retry.maxAttempts },
    refused: new Map(),
    unscheduled: 0,
    run: async (jobs) => {
      const step = (job: Job): Promise<void> => runJob(setup, run, job);
      // One message group's burial may not take the time that the settlements of all the others need.
      const bury = (job: Job): Promise<void> =>
        finish([job], { settledAt: handlersEndAt, endedAt: handlersEndAt });
      await runInLanes(jobs, step, bury);
      const rest = jobs.filter(({ finished }) => !finished);
      await finish(rest, { settledAt: settlingEndsAt, endedAt: requestsEndAt });
    },
    buryUnreadable: async (poisons) => {
      if (poisons.length === 0) return;
      try {
        note(await buryDead(setup, { jobs: [], poisons, until: handlersEndAt }));
        for (const poison of poisons) poison.finished = true;
      } catch {
        // A fault of ours. Nobody may be waiting for this at the moment; what is not finished comes again.
      }
    },
  };
  return batch;

  async function finish(jobs: readonly Job[], { settledAt, endedAt }: Times): Promise<void> {
    await settleJobs(setup, run, jobs, settledAt);
    note(await buryDead(setup, { jobs, poisons: [], until: endedAt }));
    for (const job of jobs) job.finished = true;
    const redeliveries = jobs.flatMap((job) => redeliveryOf(job, { retry, ports }));
    batch.unscheduled += await scheduleRedeliveries(ports, { queueUrl, until: endedAt }, redeliveries);
  }

  function note(refused: ReadonlyMap<string, string>): void {
    for (const [id, reason] of refused) batch.refused.set(id, reason);
  }
}

function createTenancy({ definition, idempotencyTable, ports }: ConsumerSetup, deadline: Deadline): Tenancy {
  const { clock, dynamodb, newToken, random } = ports;
  return {
    dynamodb,
    table: idempotencyTable,
    owner: newToken(),
    startedAt: clock.now(),
    leaseUntil: deadline.endsAt,
    expiresAt: Math.floor((clock.now() + definition.idempotencyDays * MS_PER_DAY) / 1000),
    now: clock.now,
    sleep: clock.sleep,
    random,
  };
}
