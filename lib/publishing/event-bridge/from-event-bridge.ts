import type { Context } from 'aws-lambda';
import { createLogger } from '../../aws/log/create-logger.ts';
import { requireEnvironment } from '../../aws/require-environment.ts';
import { createSqsClient } from '../../aws/sns-client.ts';
import { createCatalog } from '../../contracts/catalog.ts';
import type { EventContract } from '../../contracts/define-event.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { idOf } from '../http/read-request.ts';
import { publisherOfEnvironment } from '../topic/publisher-of-environment.ts';
import type { TopicPublisher } from '../topic/topic-publisher.ts';
import { readEventBridgeEvent, UnpublishableEventError } from './event-bridge-event.ts';
import { createMappings, type EventBridgeMapping } from './mapping.ts';
import { sendDeadLetter } from './send-dead-letter.ts';
import { type BridgeRules, toEnvelope } from './to-envelope.ts';

/** Time that is kept for a dead letter after the last attempt to publish. */
const MARGIN_MS = 5_000;

/** The Lambda handler that `fromEventBridge` returns. */
export type FromEventBridgeHandler = (
  payload: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'> & Partial<Pick<Context, 'awsRequestId'>>,
) => Promise<void>;

/**
 * Creates the Lambda handler that publishes events of EventBridge on the bus. Each event is checked like one that comes over HTTP. What
 * cannot be published as it is goes to the dead-letter queue at once, with the reason. When SNS does not take an event, the handler throws:
 * Lambda invokes it two more times, and then sends the event to the same queue.
 *
 * @example
 * export const handler = fromEventBridge([
 *   { source: 'com.example.payments', detailType: 'Payment Received', contract: PaymentReceived },
 * ]);
 * @throws TypeError when two mappings are for the same events, or a contract is internal
 * @throws Error when an environment variable is missing that the stack sets
 */
export function fromEventBridge<const Contracts extends readonly EventContract[]>(
  mappings: readonly [...{ [Index in keyof Contracts]: EventBridgeMapping<Contracts[Index]> }],
): FromEventBridgeHandler {
  const mappingOf = createMappings(mappings);
  const catalog = createCatalog(new Set(mappings.map(({ contract }) => contract)));
  const publisher = publisherOfEnvironment();
  const deadLetterQueueUrl = requireEnvironment(ENVIRONMENT.deadLetterQueueUrl);
  const rules = { mappingOf, catalog, publisher, producer: requireEnvironment('POWERTOOLS_SERVICE_NAME') };
  const sqs = createSqsClient();
  const logger = createLogger();
  return async (payload, context) => {
    const requestId = context.awsRequestId;
    const timeout = (reserve: number): AbortSignal =>
      AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - reserve));
    try {
      const published = await publishOne(payload, { ...rules, publisher }, timeout(MARGIN_MS));
      logger.info('published', { requestId, ...published });
    } catch (error) {
      // Any other error may be gone the next time: Lambda invokes the function again.
      if (!(error instanceof UnpublishableEventError)) throw error;
      await sendDeadLetter(sqs, deadLetterQueueUrl, { payload, error, signal: timeout(0) });
      logger.error('an event of EventBridge went to the dead-letter queue', {
        requestId,
        eventId: idOf(payload),
        error,
      });
    }
  };
}

async function publishOne(
  payload: unknown,
  rules: BridgeRules & { readonly publisher: TopicPublisher },
  signal: AbortSignal,
): Promise<{ readonly eventId: string; readonly source: string; readonly type: string }> {
  const event = toEnvelope(readEventBridgeEvent(payload), rules, process.env._X_AMZN_TRACE_ID);
  const { id, source, type } = event;
  const [outcome] = await rules.publisher.publish([event], { signal });
  if (outcome?.status === 'published') return { eventId: id, source, type };
  const reason = outcome ? `${outcome.code}: ${outcome.message}` : 'the publisher gave no outcome';
  // Also after a refusal, such as one for a permission: a new policy needs some seconds to take effect.
  throw new Error(`SNS did not take ${type} ${id}: ${reason}`);
}
