import { shownValue } from '../text/shown-value.ts';

/** When a consumer's breaker opens, and how often it then tries whether it can close. */
export interface BreakerPolicy {
  /**
   * How many different events that fail, without a success between them, open the breaker, 1 to 100: with what looks like an outage, or with
   * errors of one name. The last attempt of an event opens it too, if nothing has shown that what it calls works. @default 5
   */
  readonly after: number;
  /** Seconds between two probes while the breaker is open, 1 to 900. A probe is one event of the queue. @default 30 */
  readonly probeEverySeconds: number;
}

const DEFAULTS: BreakerPolicy = { after: 5, probeEverySeconds: 30 };

const RANGES = { after: [1, 100], probeEverySeconds: [1, 900] } as const;

interface Given {
  readonly breaker?: Partial<BreakerPolicy> | false | undefined;
}

/** The breaker of a consumer; undefined when it has none. A consumer whose effects are outside has one unless it says no. */
export function breakerOf({
  breaker,
  effects,
}: Given & { readonly effects: 'claim' | 'commit' }): BreakerPolicy | undefined {
  if (breaker === false || (breaker === undefined && effects === 'commit')) return undefined;
  return { ...DEFAULTS, ...breaker };
}

/** @throws TypeError when it is no policy, has a property that no policy has, or has a number that is out of range; with what may be written */
export function refuseWrongBreaker({ name, breaker }: Given & { readonly name: string }): void {
  if (breaker === undefined || breaker === false) return;
  refuseNoPolicy(name, breaker);
  const whole: BreakerPolicy = { ...DEFAULTS, ...breaker };
  for (const key of ['after', 'probeEverySeconds'] as const) {
    const [least, most] = RANGES[key];
    if (Number.isInteger(whole[key]) && whole[key] >= least && whole[key] <= most) continue;
    throw new TypeError(
      `consumer '${name}' has breaker.${key}: ${shownValue(whole[key])}; set it to an integer from ${least} to ${most}, or breaker: false`,
    );
  }
}

function refuseNoPolicy(name: string, breaker: unknown): void {
  const write = 'write breaker: false, or { after: 5, probeEverySeconds: 30 } with one of them or both';
  if (typeof breaker !== 'object' || breaker === null || Array.isArray(breaker))
    throw new TypeError(`consumer '${name}' has breaker: ${shownValue(breaker)}; ${write}`);
  const unknown = Object.keys(breaker).find((key) => !Object.hasOwn(RANGES, key));
  if (unknown === undefined) return;
  throw new TypeError(`consumer '${name}' has breaker.${unknown}, which no breaker has; ${write}`);
}
