import * as z from 'zod';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import type { Chance } from '../../../lib/testing/simulation/chance.ts';

export const START = Date.UTC(2026, 0, 1);
export const MINUTE = 60_000;
export const BATCH = 5;
export const POLLERS = 2;
export const TIMEOUT_MS = 10_000;
export const OUTAGE_AT = START + 10 * MINUTE;
export const OUTAGE_END = OUTAGE_AT + 120 * MINUTE;
export const EVENTS_END = OUTAGE_END + 20 * MINUTE;
/** By then everything that can be done is done: a crash may cost the visibility timeout of the control queue, 16 minutes. */
export const END = EVENTS_END + 120 * MINUTE;

export const Due = defineEvent({
  type: 'sim.Due',
  version: 1,
  description: 'Something to pay.',
  data: z.object({ n: z.int() }),
});

/** What a seed decides. */
export interface OutageSettings {
  readonly fifo: boolean;
  readonly effects: 'claim' | 'commit';
  /** How the bank fails: it answers an error, its requests hang, or the handler throws an error of its own about it. */
  readonly outage: 'none' | 'refuses' | 'hangs' | 'alike';
  /** An event that fails for its own reason; it looks like an outage or not. */
  readonly poison: 'none' | 'unknown' | 'transient';
  /** Milliseconds between two events. */
  readonly everyMs: number;
  /** Probability that a process dies at a request. */
  readonly death: number;
  readonly rateLimit: { readonly perSecond: number } | undefined;
}

export function chooseOutage(chance: Chance): OutageSettings {
  const dense = chance.happens(0.6);
  const outage = (['none', 'refuses', 'hangs', 'alike'] as const)[chance.below(4)] ?? 'none';
  const poison = (['none', 'unknown', 'transient'] as const)[chance.below(3)] ?? 'none';
  return {
    fifo: chance.happens(0.3),
    effects: chance.happens(0.7) ? 'claim' : 'commit',
    outage,
    // Only other events tell a poison that looks like an outage from one: they have to come, and not wait behind it.
    poison: poison === 'transient' && !dense ? 'unknown' : poison,
    everyMs: dense ? chance.between(10_000, 30_000) : chance.between(5 * MINUTE, 25 * MINUTE),
    death: chance.happens(0.4) ? chance.between(0.0005, 0.003) : 0,
    rateLimit: chance.happens(0.15) ? { perSecond: 2 } : undefined,
  };
}

export const payer = ({ effects, rateLimit }: OutageSettings) =>
  defineConsumer({
    name: 'payer',
    description: 'Simulated.',
    listensTo: [Due],
    effects,
    rateLimit,
    timeoutSeconds: TIMEOUT_MS / 1000,
    batchSize: BATCH,
    maxConcurrency: POLLERS,
    retry: { maxAttempts: 5, firstDelaySeconds: 2, maxDelaySeconds: 30 },
    breaker: { after: 5, probeEverySeconds: 30 },
  });
