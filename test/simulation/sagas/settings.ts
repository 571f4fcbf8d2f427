import type { Chance } from '../../../lib/testing/simulation/chance.ts';
import type { Troubles } from '../services/invocation.ts';

/** What a seed decides before its story begins. */
export interface Settings {
  /** What goes wrong with requests, as long as trouble reigns. */
  readonly troubles: Troubles;
  /** Probability that DynamoDB throttles an item, as long as trouble reigns. */
  readonly throttling: number;
  /** Probability that an event is published once more, as another message. */
  readonly republished: number;
  /** Probability that an event is held up for minutes on its way to one of its consumers, so that later ones overtake it. */
  readonly overtaken: number;
}

export function chooseSettings(chance: Chance): Settings {
  // In some stories no process dies.
  const mortal = chance.happens(0.75) ? 1 : 0;
  return {
    troubles: {
      death: mortal * chance.between(0, 0.05),
      freeze: mortal * chance.between(0, 0.03),
      refusal: chance.between(0, 0.08),
      lostAnswer: chance.between(0, 0.1),
      retry: chance.between(0, 0.08),
      delay: mortal * chance.between(0, 0.05),
    },
    throttling: chance.between(0, 0.05),
    republished: chance.between(0, 0.15),
    overtaken: chance.between(0, 0.3),
  };
}
