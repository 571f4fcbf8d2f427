import type { Envelope } from '../../contracts/envelope/envelope.ts';
import type { ProducerRule } from '../../contracts/producers/producer-rule.ts';
import type { Authority } from './authorize-events.ts';
import { RequestError } from './problem-response.ts';
import { type ProducerCounter, secondsLeft } from './producer-counter.ts';

/**
 * Refuses events of a producer that has reached its limit for this minute. If the table does not answer, the events are accepted: a
 * failure of this table must not stop all publishing.
 *
 * @returns why a limit was not checked, for the log; undefined when all limits were checked
 * @throws RequestError when a producer has reached its limit
 */
export async function keepLimits(
  events: readonly Envelope[],
  authority: Authority,
  counter: ProducerCounter | undefined,
): Promise<string | undefined> {
  const rules = Map.groupBy(events, (event) => authority.ruleOf(event));
  for (const [rule, own] of rules) {
    if (rule?.eventsPerMinute === undefined || counter === undefined) continue;
    let verdict: 'counted' | 'over';
    try {
      verdict = await counter.count(rule.name, own.length, rule.eventsPerMinute);
    } catch (error) {
      return `the limit of ${rule.name} was not checked: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (verdict === 'over') throw tooMany(rule);
  }
  return undefined;
}

function tooMany({ name, eventsPerMinute }: ProducerRule): RequestError {
  const detail = `${name} may publish ${eventsPerMinute} events in a minute, and this request would exceed that; nothing of the request was published`;
  return new RequestError('limited', detail, { errors: [], total: 0 }, secondsLeft(Date.now()));
}
