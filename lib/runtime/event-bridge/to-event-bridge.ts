import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { systemClock } from '../../aws/clock.ts';
import { requireEnvironment } from '../../aws/require-environment.ts';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { BUS_ATTRIBUTES, type Envelope } from '../../contracts/envelope/envelope.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { consume } from '../consume.ts';
import type { HandlerContext } from '../handling/handler-context.ts';
import { type PutEventsEntry, putEvent } from './put-event.ts';

/** The parts of a trace context: trace, span and flags. @see https://www.w3.org/TR/trace-context/#traceparent-header-field-values */
const TRACEPARENT = /^00-([0-9a-f]{8})([0-9a-f]{24})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const SAMPLED = 1;
/** Attributes that say something to consumers of the bus alone. */
const NOT_FORWARDED = new Set(BUS_ATTRIBUTES.filter((name) => name !== 'producer'));

/**
 * Creates the Lambda handler of a consumer that puts every event it listens to on a bus of EventBridge: the bus that the construct
 * `ToEventBridge` names.
 *
 * @example
 * export const handler = toEventBridge(warehouse);
 * @throws Error at start when an environment variable is missing that the stack sets
 */
export function toEventBridge(definition: ConsumerDefinition): ReturnType<typeof consume> {
  const busArn = requireEnvironment(ENVIRONMENT.eventBridgeBusArn);
  const source = requireEnvironment(ENVIRONMENT.eventBridgeSource);
  const caller = {
    // PutEvents is asked in the region of the bus.
    region: busArn.split(':')[3] || requireEnvironment('AWS_REGION'),
    credentials: defaultProvider(),
    environment: process.env,
    clock: systemClock,
  };
  const put = async (event: Envelope, { signal, logger }: HandlerContext): Promise<void> => {
    const eventBridgeId = await putEvent(entryOf(event, busArn, source), caller, signal);
    logger.debug('put on EventBridge', { eventBridgeId });
  };
  return consume(definition, Object.fromEntries(definition.listensTo.map(({ type }) => [type, put])));
}

/** The entry of an event: the `detail` is the event itself, so that its receivers have its id and source. */
export function entryOf(event: Envelope, EventBusName: string, Source: string): PutEventsEntry {
  const TraceHeader = traceHeaderOf(event);
  const detail = Object.fromEntries(Object.entries(event).filter(([name]) => !NOT_FORWARDED.has(name)));
  return {
    EventBusName,
    Source,
    DetailType: event.type,
    Detail: JSON.stringify(detail),
    ...(event.time !== undefined && { Time: Date.parse(event.time) / 1000 }),
    ...(TraceHeader !== undefined && { TraceHeader }),
  };
}

/**
 * The trace of an event in X-Ray's form; undefined when it has none.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
function traceHeaderOf({ traceparent = '' }: Envelope): string | undefined {
  const [, epoch, rest, span, flags = '00'] = TRACEPARENT.exec(traceparent) ?? [];
  if (epoch === undefined) return undefined;
  const sampled = Number.parseInt(flags, 16) & SAMPLED;
  return `Root=1-${epoch}-${rest};Parent=${span};Sampled=${sampled}`;
}
