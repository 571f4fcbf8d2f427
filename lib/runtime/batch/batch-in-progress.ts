import { callsEndAt } from '../breaker/gate.ts';
import { createDeadline, type Deadline, halfwayTo } from '../deadline.ts';
import type { LeaseContext } from '../idempotency/lease-context.ts';
import { createRateLimiter } from '../rate-limit/rate-limit.ts';
import type { BatchItem, UnreadableMessage } from './batch-item.ts';
import type { BatchRun } from './batch-run.ts';
import type { Claiming } from './claim-items.ts';
import type { ConsumerSetup } from './consumer-setup.ts';
import { runByMessageGroup } from './message-groups.ts';
import { partition } from './partition.ts';
import { scheduleRedeliveries } from './redelivery.ts';
import { redeliveryOf } from './redelivery-delay.ts';
import { runItem } from './run-item.ts';
import { sendToDeadLetterQueue } from './send-to-dead-letter-queue.ts';
import { settleItems } from './settle-items.ts';

const MS_PER_DAY = 86_400_000;
/**
 * Under a rate limit, no handler begins after this share of the invocation's time. Synth has checked that half of the time is enough
 * to wait for a slot. The rest is a reserve for slow answers and lost slots.
 */
const LATEST_START_SHARE = 2 / 3;

/** A batch that is being processed. */
export interface Batch {
  readonly claiming: Claiming;
  /** Messages that the dead-letter queue did not accept: message id and reason. */
  readonly refused: Map<string, string>;
  /** Number of messages whose redelivery delay could not be set. */
  unscheduled: number;
  /**
   * Handles and settles items, sends dead ones to the dead-letter queue, and schedules redeliveries.
   *
   * @param others `follow`: others are handled after these, so publishing leaves them half of the time
   */
  run(items: readonly BatchItem[], others?: 'follow'): Promise<void>;
  /** Sends messages that carry no event to the dead-letter queue. Never rejects. */
  sendUnreadable(unreadable: readonly UnreadableMessage[]): Promise<void>;
}

/** Time limits for the end of items, in epoch milliseconds. */
interface TimeLimits {
  readonly publishedAt: number;
  readonly settledAt: number;
  readonly endedAt: number;
}

/** @param remainingMs milliseconds that are left of the invocation */
export function createBatch(setup: ConsumerSetup, remainingMs: number): Batch {
  const { definition, ports, queueUrl } = setup;
  const { clock } = ports;
  const { rateLimit, retry } = definition;
  const latestStart = clock.now() + remainingMs * LATEST_START_SHARE;
  const deadline = createDeadline(clock, remainingMs);
  const leaseContext = createLeaseContext(setup, deadline);
  // Without a rate limit, a handler waits for no slot, and no request is made.
  const acquireSlot = rateLimit && createRateLimiter({ rateLimit, leaseContext, clock, latest: latestStart });
  const run: BatchRun = { leaseContext, deadline, acquireSlot, stop: setup.gate?.stop };
  const { handlersEndAt, publishingEndsAt, settlingEndsAt, requestsEndAt } = deadline;
  const batch: Batch = {
    claiming: {
      leaseContext,
      clock,
      deadline,
      maxAttempts: retry.maxAttempts,
      hasBreaker: setup.gate !== undefined,
    },
    refused: new Map(),
    unscheduled: 0,
    run: async (items, others) => {
      const step = (item: BatchItem): Promise<void> => runItem(setup, run, item);
      // Sending the dead event of one message group must not use up the time that settling the others needs.
      const sendDead = (item: BatchItem): Promise<void> =>
        finish([item], { publishedAt: handlersEndAt, settledAt: handlersEndAt, endedAt: handlersEndAt });
      await runByMessageGroup(items, step, sendDead);
      const rest = items.filter(({ finished }) => !finished);
      const leavesTime = others === 'follow' && !deadline.passed();
      const publishedAt = leavesTime ? halfwayTo(clock, handlersEndAt) : publishingEndsAt;
      await finish(rest, { publishedAt, settledAt: settlingEndsAt, endedAt: requestsEndAt });
    },
    sendUnreadable: async (unreadable) => {
      if (unreadable.length === 0) return;
      try {
        addRefused(await sendToDeadLetterQueue(setup, { items: [], unreadable, until: handlersEndAt }));
        for (const message of unreadable) message.finished = true;
      } catch {
        // An error of the runtime itself. It is not rethrown, because nobody may be awaiting this promise. Unfinished messages stay in the queue.
      }
    },
  };
  return batch;

  async function finish(items: readonly BatchItem[], limits: TimeLimits): Promise<void> {
    const { endedAt } = limits;
    const [undecided, decided] = partition(
      items,
      ({ outcome }) => outcome?.status === 'failed' || outcome?.status === 'deadLettered',
    );
    // What is done is settled beside the calls of the breaker: if they are not answered, its effect must not be repeated for that.
    await Promise.all([settleItems(setup, run, decided, limits), conclude(undecided, limits)]);
    addRefused(await sendToDeadLetterQueue(setup, { items, unreadable: [], until: endedAt }));
    for (const item of items) item.finished = true;
    const redeliveries = items.flatMap((item) => redeliveryOf(item, { retry, ports }));
    batch.unscheduled += await scheduleRedeliveries(ports, { queueUrl, until: endedAt }, redeliveries);
  }

  /** Settles failures when the breaker has said which of them count. */
  async function conclude(items: readonly BatchItem[], limits: TimeLimits): Promise<void> {
    await setup.gate?.conclude(items, callsEndAt(clock, limits.settledAt));
    await settleItems(setup, run, items, limits);
  }

  function addRefused(refused: ReadonlyMap<string, string>): void {
    for (const [id, reason] of refused) batch.refused.set(id, reason);
  }
}

function createLeaseContext(
  { definition, idempotencyTable, ports }: ConsumerSetup,
  deadline: Deadline,
): LeaseContext {
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
