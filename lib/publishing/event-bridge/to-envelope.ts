import type { Catalog } from '../../contracts/catalog.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { JsonError, parseJson, toJson } from '../../contracts/json/json.ts';
import { describeProblems } from '../../contracts/text/problem.ts';
import { checkEvents, type EventRules } from '../http/check-events.ts';
import { completeEvents, requestDefaults } from '../http/complete-event.ts';
import { RequestError } from '../http/problem-response.ts';
import type { TopicPublisher } from '../topic/topic-publisher.ts';
import { type EventBridgeEvent, UnpublishableEventError } from './event-bridge-event.ts';
import { applyMapping, type FindMapping } from './mapping.ts';

/** What a bridge publishes, and by what name. */
export interface BridgeRules {
  readonly mappingOf: FindMapping;
  readonly catalog: Catalog;
  readonly publisher: Pick<TopicPublisher, 'maxEventBytes' | 'fifo'>;
  /** The attribute `producer` of its events. */
  readonly producer: string;
}

/**
 * Makes the event of the bus from one of EventBridge. It is completed and checked as one that comes over HTTP.
 *
 * @param trace X-Ray's header of the invocation
 * @throws UnpublishableEventError with everything that is wrong with it
 */
export function toEnvelope(
  event: EventBridgeEvent,
  { mappingOf, catalog, publisher, producer }: BridgeRules,
  trace: string | undefined,
): Envelope {
  const mapping = mappingOf(event);
  const { versionedType } = mapping.contract;
  const mapped = inJson(applyMapping(mapping, event), versionedType);
  const defaults = requestDefaults({ headers: { 'x-amzn-trace-id': trace } }, new Date());
  const rules: EventRules = {
    catalog,
    maxEventBytes: publisher.maxEventBytes,
    fifo: publisher.fifo,
    stamp: (checked) => ({ ...checked, producer }),
  };
  try {
    const [envelope] = checkEvents(completeEvents([mapped], defaults), rules);
    if (envelope) return envelope;
  } catch (error) {
    // A RequestError names what is wrong with the event. Any other error is a fault of this function.
    if (!(error instanceof RequestError)) throw error;
    throw unpublishable(versionedType, describeProblems(error.mistakes.errors), error);
  }
  throw new Error('the check has returned no event');
}

/** The event in its JSON form, as a reader gets it. */
function inJson(mapped: object, type: string): unknown {
  try {
    return parseJson(toJson(mapped));
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw unpublishable(type, error.message, error);
  }
}

function unpublishable(type: string, problems: string, cause: Error): UnpublishableEventError {
  return new UnpublishableEventError(`it cannot be published as ${type}: ${problems}`, { cause });
}
