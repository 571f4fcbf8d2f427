import type { Chance } from '../../../lib/testing/simulation/chance.ts';
import type { Troubles } from '../services/invocation.ts';
import { MAX_SKEW_MS } from '../services/invocation.ts';
import type { ConsumerName, Kind } from './app.ts';

/** What a seed decides before its story begins. */
export interface Settings {
  readonly fifo: boolean;
  readonly kinds: Readonly<Record<ConsumerName, Kind>>;
  readonly maxSkewMs: number;
  /** What goes wrong with requests, as long as trouble reigns. */
  readonly troubles: Troubles;
  /** Probability that DynamoDB throttles a statement or an item, as long as trouble reigns. */
  readonly throttling: number;
  /** Probability that an entry of a batch is refused, as long as trouble reigns. */
  readonly refusing: { readonly sns: number; readonly sqs: number };
  /** Probability that SNS says nothing, in trouble and for some time after it. */
  readonly silence: number;
  /** Whether all effects of a consumer write one item, so that its transactions conflict. */
  readonly contended: boolean;
  /** Whether the story goes on for weeks: redrives, records that expire, events that are sent once more. */
  readonly weeks: boolean;
  /** Whether there are events whose handler ends the process. */
  readonly culprits: boolean;
  /** Whether there are events near the limits in bytes. */
  readonly large: boolean;
}

/** Nothing goes wrong with a request. */
export const CALM: Troubles = { death: 0, freeze: 0, refusal: 0, lostAnswer: 0, retry: 0, delay: 0 };

export function chooseSettings(chance: Chance): Settings {
  const rateLimit = chance.happens(0.12) ? { perSecond: 3 + chance.below(3) } : undefined;
  const kind = (): Kind => ({ effects: chance.happens(0.5) ? 'claim' : 'commit', rateLimit });
  // In a third of the stories no process dies by chance, so that every attempt is one that a handler has used.
  const mortal = chance.happens(0.67) ? 1 : 0;
  return {
    fifo: chance.happens(0.35),
    kinds: { first: kind(), second: kind() },
    maxSkewMs: chance.happens(0.5) ? MAX_SKEW_MS : 0,
    troubles: {
      death: mortal * chance.between(0, 0.06),
      freeze: mortal * chance.between(0, 0.05),
      refusal: chance.between(0, 0.1),
      lostAnswer: chance.between(0, 0.1),
      retry: chance.between(0, 0.1),
      delay: mortal * chance.between(0, 0.1),
    },
    throttling: chance.between(0, 0.08),
    refusing: {
      sns: chance.happens(0.2) ? 0.7 : 0.1,
      sqs: chance.happens(0.2) ? 0.5 : 0.1,
    },
    silence: chance.happens(0.15) ? 0.3 : 0,
    contended: chance.happens(0.3),
    weeks: chance.happens(0.15),
    culprits: chance.happens(0.2),
    large: chance.happens(0.03),
  };
}
