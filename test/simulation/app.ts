import * as z from 'zod';
import { defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import type { RateLimit } from '../../lib/contracts/rate-limit.ts';

/** What the simulated consumers do with an event of this fate. */
export const FATES = ['good', 'good', 'good', 'flaky', 'slow', 'hopeless'] as const;

const data = z.object({ n: z.int(), fate: z.enum(FATES) });

export const Asked = defineEvent({
  type: 'sim.Asked',
  version: 1,
  description: 'The first of a story.',
  data,
});
export const Answered = defineEvent({
  type: 'sim.Answered',
  version: 1,
  description: 'Its consequence.',
  data,
});

/** How many messages a poll hands out, and how many invocations a consumer with a rate limit has at once. */
export const BATCH = 5;
export const POLLERS = 2;

/** What one seed makes of its consumers. */
export interface Kind {
  readonly effects: 'claim' | 'commit';
  readonly rateLimit?: RateLimit | undefined;
}

const common = {
  description: 'Simulated.',
  tables: { effects: { partitionKey: 'id' } },
  timeoutSeconds: 10,
  batchSize: BATCH,
  maxConcurrency: POLLERS,
};

/** Has its effect, and emits an event that tells of it. */
export const first = (kind: Kind) =>
  defineConsumer({ ...common, ...kind, name: 'first', listensTo: [Asked], emits: [Answered] });

/** Has its effect on what the first has emitted. */
export const second = (kind: Kind) =>
  defineConsumer({ ...common, ...kind, name: 'second', listensTo: [Answered] });
