import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Catalog } from '../../lib/contracts/catalog.ts';
import { leadsToThisMachine } from '../../lib/contracts/data-links.ts';
import { ENVIRONMENT } from '../../lib/contracts/environment.ts';
import { readProducerRules } from '../../lib/contracts/producers/producer-rule.ts';
import { MAX_REQUEST_BYTES } from '../../lib/contracts/request-limits.ts';
import { createSnsClient } from '../../lib/runtime/aws.ts';
import { createBucketOfEnvironment } from '../../lib/runtime/bucket-of-environment.ts';
import { createClaimCheckPublisher } from '../../lib/runtime/claim-check.ts';
import { createTopicPublisher, type TopicPublisher } from '../../lib/runtime/publisher.ts';
import { requireEnvironment } from '../../lib/runtime/require-environment.ts';
import { createLogger } from '../../lib/runtime/telemetry/create-logger.ts';
import { createProducerCounter } from './producer-counter.ts';
import { type PublishDependencies, publishRequest } from './publish-request.ts';
import type { PublishRequest } from './read-request.ts';

/** What the answer needs after the last attempt to publish. */
const MARGIN_MS = 1_000;

/** Who may publish what, and how much. */
export type PublishRules = Pick<
  PublishDependencies,
  'producers' | 'maxRequestBytes' | 'counter' | 'onThisMachine'
>;

/** The Lambda handler that `createPublishHandler` makes. */
export type PublishHandler = (
  request: PublishRequest,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * Makes the Lambda handler that publishes events of these contracts.
 *
 * @param publisher where to. Default: the topic and the data bucket that the environment names
 * @param rules who may publish what, and how much. Default: what the environment says
 */
export function createPublishHandler(
  catalog: Catalog,
  publisher: TopicPublisher = publisherOfEnvironment(),
  rules: PublishRules = rulesOfEnvironment(),
): PublishHandler {
  const logger = createLogger();
  const metrics = new Metrics();
  return async (request, context) => {
    const startedAt = Date.now();
    const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MS));
    const { response, counts, notes } = await publishRequest(
      { catalog, publisher, ...rules },
      request,
      signal,
    );
    logger[counts.failed > 0 ? 'error' : 'info']('request', {
      status: response.statusCode,
      ...counts,
      ...notes,
      milliseconds: Date.now() - startedAt,
    });
    for (const [name, value] of Object.entries(counts)) {
      if (value > 0) metrics.addMetric(name, MetricUnit.Count, value);
    }
    metrics.publishStoredMetrics();
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
    // Only the local runner has it, and it alone has an SNS of this machine.
    onThisMachine: leadsToThisMachine(process.env.AWS_ENDPOINT_URL_SNS ?? ''),
  };
}

function publisherOfEnvironment(): TopicPublisher {
  const topicArn = requireEnvironment(ENVIRONMENT.topicArn);
  const publisher = createTopicPublisher({ sns: createSnsClient(), topicArn });
  return createClaimCheckPublisher(publisher, createBucketOfEnvironment());
}
