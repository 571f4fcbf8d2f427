import { isJsonObject } from '../../contracts/json/json.ts';

/**
 * An event as EventBridge gives it to the target of a rule.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
 */
export interface EventBridgeEvent {
  /** EventBridge's own id of the event. It stays the same when EventBridge or Lambda delivers the event again. */
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly account: string;
  readonly region: string;
  /** ARNs of what the event is about, as its sender says. */
  readonly resources: readonly string[];
  /** Whatever its sender has put there: check it before you use it, for example with zod. */
  readonly detail: unknown;
}

const TEXTS = ['id', 'source', 'detail-type', 'time', 'account', 'region'] as const;

/** Thrown when an event cannot be published as it is: it would fail again. Its dead letter has this reason. */
export class UnpublishableEventError extends Error {
  override readonly name = 'UnpublishableEventError';
}

/** The payload of an invocation as an event of EventBridge. @throws UnpublishableEventError when it is none */
export function readEventBridgeEvent(payload: unknown): EventBridgeEvent {
  const given = isJsonObject(payload) ? payload : {};
  const missing = TEXTS.filter((name) => typeof given[name] !== 'string');
  if (missing.length > 0) {
    throw new UnpublishableEventError(`it is no event of EventBridge: it has no ${missing.join(', ')}`);
  }
  const { resources } = given;
  // Every text has been checked.
  const event = given as Readonly<Record<(typeof TEXTS)[number], string>>;
  return {
    id: event.id,
    source: event.source,
    'detail-type': event['detail-type'],
    time: event.time,
    account: event.account,
    region: event.region,
    resources: Array.isArray(resources) ? resources.filter((arn) => typeof arn === 'string') : [],
    detail: given.detail,
  };
}
