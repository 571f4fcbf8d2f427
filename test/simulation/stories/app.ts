import * as z from 'zod';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import type { RateLimit } from '../../../lib/contracts/delivery/rate-limit.ts';

export const Asked = defineEvent({
  type: 'sim.Asked',
  version: 1,
  description: 'The first of a story.',
  data: z.object({ n: z.int(), filler: z.string() }),
});

/** What tells of an effect: by which run of which handler it was emitted, and as the how many of that run. */
const data = z.object({ run: z.int(), position: z.int(), filler: z.string() });

export const Answered = defineEvent({
  type: 'sim.Answered',
  version: 1,
  description: 'Its consequence.',
  data,
});

/** How many messages a poll hands out, and how many invocations a consumer with a rate limit has at once. */
export const BATCH = 5;
export const POLLERS = 2;
export const TIMEOUT_MS = 10_000;
export const IDEMPOTENCY_DAYS = 28;
/** The pauses reach their bound before the attempts are used up. */
export const RETRY = { maxAttempts: 4, firstDelaySeconds: 4, maxDelaySeconds: 10 };

export type ConsumerName = 'first' | 'second';

/** What one seed makes of a consumer. */
export interface Kind {
  readonly effects: 'claim' | 'commit';
  readonly rateLimit?: RateLimit | undefined;
  readonly replay?: 'refuse';
}

const common = {
  description: 'Simulated.',
  tables: { effects: { partitionKey: 'id' } },
  timeoutSeconds: TIMEOUT_MS / 1000,
  batchSize: BATCH,
  maxConcurrency: POLLERS,
  idempotencyDays: IDEMPOTENCY_DAYS,
  retry: RETRY,
};

/** Has its effect, and emits events that tell of it. */
export const first = (kind: Kind) =>
  defineConsumer({ ...common, ...kind, name: 'first', listensTo: [Asked], emits: [Answered] });

/** Has its effect on what the first has emitted. */
export const second = (kind: Kind) =>
  defineConsumer({ ...common, ...kind, name: 'second', listensTo: [Answered] });
