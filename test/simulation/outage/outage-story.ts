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
const END = EVENTS_END + 120 * MINUTE;
/** A poison at the head of the only message group is given up a day after the breaker has opened. */
const STUCK_END = END + 24 * 60 * MINUTE;

export const Due = defineEvent({
  type: 'sim.Due',
  version: 1,
  description: 'Something to pay.',
  data: z.object({ n: z.int() }),
});

/** What a seed decides. */
export interface OutageSettings {
  readonly fifo: boolean;
  /** Message groups. With one, nothing can pass an event that fails. */
  readonly groups: 1 | 3;
  readonly effects: 'claim' | 'commit';
  /** How the bank fails: it answers an error, its requests hang, the handler throws an error of its own about it, or it is up and
   * down in turns. */
  readonly outage: 'none' | 'refuses' | 'hangs' | 'alike' | 'flaps';
  /** Of a bank that is up and down in turns. */
  readonly flap: { readonly downMs: number; readonly upMs: number };
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
  const outage = (['none', 'refuses', 'hangs', 'alike', 'flaps'] as const)[chance.below(5)] ?? 'none';
  const poison = (['none', 'unknown', 'transient'] as const)[chance.below(3)] ?? 'none';
  const fifo = chance.happens(0.4);
  const groups = fifo && chance.happens(0.5) ? 1 : 3;
  return {
    fifo,
    groups,
    flap: { downMs: chance.between(2 * MINUTE, 10 * MINUTE), upMs: chance.between(2 * MINUTE, 6 * MINUTE) },
    effects: chance.happens(0.7) ? 'claim' : 'commit',
    outage,
    // Only other events tell a poison that looks like an outage from one: they have to come, and not wait behind it.
    poison: poison === 'transient' && !dense && groups > 1 ? 'unknown' : poison,
    // The poison of the only group is given up when others wait behind it.
    everyMs: dense
      ? chance.between(10_000, 30_000)
      : chance.between(5 * MINUTE, (groups === 1 ? 15 : 25) * MINUTE),
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

/** When a story ends, epoch milliseconds. */
export function endOf({ groups, poison }: OutageSettings): number {
  return groups === 1 && poison !== 'none' ? STUCK_END : END;
}

/** Whether the bank answers no request. @param now epoch milliseconds */
export function isDownAt({ outage, flap }: OutageSettings, now: number): boolean {
  if (outage === 'none' || now < OUTAGE_AT || now >= OUTAGE_END) return false;
  return outage !== 'flaps' || (now - OUTAGE_AT) % (flap.downMs + flap.upMs) < flap.downMs;
}
