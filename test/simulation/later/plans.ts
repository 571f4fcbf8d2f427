import * as z from 'zod';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import type { Chance } from '../../../lib/testing/simulation/chance.ts';

export const Planned = defineEvent({
  type: 'sim.Planned',
  version: 1,
  description: 'Somebody wants an event later, or does not want it any more.',
  data: z.object({ what: z.enum(['emit', 'cancel', 'renew']), key: z.string(), seconds: z.int() }),
});

export const Reminded = defineEvent({
  type: 'sim.Reminded',
  version: 1,
  description: 'It is time.',
  data: z.object({ plan: z.string() }),
});

export const TIMEOUT_MS = 10_000;
const common = {
  description: 'Simulated.',
  effects: 'commit',
  tables: { effects: { partitionKey: 'id' } },
  timeoutSeconds: TIMEOUT_MS / 1_000,
  retry: { maxAttempts: 200, firstDelaySeconds: 1, maxDelaySeconds: 5 },
} as const;

export const planner = defineConsumer({
  ...common,
  name: 'planner',
  listensTo: [Planned],
  emits: [Reminded],
  emitsLater: true,
});
export const receiver = defineConsumer({ ...common, name: 'receiver', listensTo: [Reminded] });

/** An event for the planner. */
export interface Plan {
  readonly id: string;
  readonly what: 'emit' | 'cancel' | 'renew';
  readonly key: string;
  /** In how many seconds its event comes. */
  readonly seconds: number;
  /** Milliseconds after the beginning. */
  readonly sentAfter: number;
}

const KEYS = 3;
const DELAYS = [0, 1, 30, 600, 899, 900, 901, 1_000, 1_100, 7_200, 86_400];

/** What happens in one seed: events under few keys, some of them cancelled soon or late, some made anew after that. */
export function choosePlans(chance: Chance): readonly Plan[] {
  return Array.from({ length: KEYS }, (_, number) => {
    const key = `key-${number}`;
    const seconds = DELAYS[chance.below(DELAYS.length)] ?? 0;
    const sentAfter = chance.between(0, 60_000);
    const emit: Plan = { id: `${key}-emit`, what: 'emit', key, seconds, sentAfter };
    if (chance.happens(0.3)) return [emit];
    const later = sentAfter + chance.between(0, chance.happens(0.5) ? 2_000 : seconds * 1_000);
    const what = chance.happens(0.5) ? ('renew' as const) : ('cancel' as const);
    return [emit, { id: `${key}-${what}`, what, key, seconds: seconds + 60, sentAfter: later }];
  }).flat();
}
