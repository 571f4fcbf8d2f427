import type { Envelope } from '../../lib/contracts/envelope.ts';
import type { ProducerRule } from '../../lib/contracts/producers/producer-rule.ts';
import type { Authority } from './authorize-events.ts';
import { RequestProblem } from './problem-response.ts';
import { type ProducerCounter, secondsLeft } from './producer-counter.ts';

/**
 * Refuses events of a producer that has published as many in this minute as it may. A limit that cannot be asked for is not kept: a brake
 * must not stop the orders of everybody when its own table is in trouble.
 *
 * @returns why a limit was not kept, for the log
 * @throws RequestProblem when there are too many
 */
export async function keepLimits(
  events: readonly Envelope[],
  authority: Authority,
  counter: ProducerCounter | undefined,
): Promise<string | undefined> {
  const rules = Map.groupBy(events, (event) => authority.ruleOf(event));
  for (const [rule, own] of rules) {
    if (rule?.eventsPerMinute === undefined || counter === undefined) continue;
    let verdict: 'taken' | 'over';
    try {
      verdict = await counter.count(rule.name, own.length, rule.eventsPerMinute);
    } catch (error) {
      return `the limit of ${rule.name} was not kept: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (verdict === 'over') throw tooMany(rule);
  }
  return undefined;
}

function tooMany({ name, eventsPerMinute }: ProducerRule): RequestProblem {
  const detail = `${name} has published ${eventsPerMinute} events in this minute, which is all that it may; nothing of the request was published`;
  return new RequestProblem('limited', detail, { errors: [], total: 0 }, secondsLeft(Date.now()));
}
