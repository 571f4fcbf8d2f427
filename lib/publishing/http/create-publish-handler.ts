import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { createLogger } from '../../aws/log/create-logger.ts';
import type { Catalog } from '../../contracts/catalog.ts';
import { leadsToThisMachine } from '../../contracts/envelope/data-links.ts';
import { MAX_REQUEST_BYTES } from '../../contracts/envelope/request-limits.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { readProducerRules } from '../../contracts/producers/producer-rule.ts';
import { publisherOfEnvironment } from '../topic/publisher-of-environment.ts';
import type { TopicPublisher } from '../topic/topic-publisher.ts';
import { createProducerCounter } from './producer-counter.ts';
import { type PublishDependencies, publishRequest } from './publish-request.ts';
import type { PublishRequest } from './request.ts';

/** Time that is kept for the answer after the last attempt to publish. */
const MARGIN_MS = 1_000;

/** Rules about who may publish what, and how much. */
export type PublishRules = Pick<
  PublishDependencies,
  'producers' | 'maxRequestBytes' | 'counter' | 'onThisMachine'
>;

/** The Lambda handler that `createPublishHandler` returns. */
export type PublishHandler = (
  request: PublishRequest,
  context: Pick<Context, 'getRemainingTimeInMillis'> & Partial<Pick<Context, 'awsRequestId'>>,
) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * Creates the Lambda handler that publishes events of these contracts.
 *
 * @param publisher the publisher to the topic. Default: one for the topic and the data bucket in the environment variables
 * @param rules who may publish what, and how much. Default: the rules in the environment variables
 */
export function createPublishHandler(
  catalog: Catalog,
  publisher: TopicPublisher = publisherOfEnvironment(),
  rules: PublishRules = rulesOfEnvironment(),
): PublishHandler {
  const logger = createLogger();
  return async (request, context) => {
    const startedAt = Date.now();
    const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MS));
    const { response, counts, notes } = await publishRequest(
      { catalog, publisher, ...rules },
      request,
      signal,
    );
    logger[counts.failed > 0 ? 'error' : 'info']('request', {
      requestId: context.awsRequestId,
      status: response.statusCode,
      ...counts,
      ...notes,
      milliseconds: Date.now() - startedAt,
    });
    return response;
  };
}

function rulesOfEnvironment(): PublishRules {
  const producers = readProducerRules(process.env[ENVIRONMENT.producers]);
  const isLimited = producers.some(({ eventsPerMinute }) => eventsPerMinute !== undefined);
  return {
    producers,
    maxRequestBytes: Number(process.env[ENVIRONMENT.maxRequestBytes] ?? MAX_REQUEST_BYTES),
    counter: isLimited ? createProducerCounter() : undefined,
    // Only the local runner sets this variable to an address of this machine.
    onThisMachine: leadsToThisMachine(process.env.AWS_ENDPOINT_URL_SNS ?? ''),
  };
}
