import type { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Catalog } from '../../lib/contracts/catalog.ts';
import { ENVIRONMENT } from '../../lib/contracts/environment.ts';
import { readProducerRules } from '../../lib/contracts/producers/producer-rule.ts';
import { MAX_REQUEST_BYTES } from '../../lib/contracts/request-limits.ts';
import { createSnsClient } from '../../lib/runtime/aws.ts';
import { createBucketOfEnvironment } from '../../lib/runtime/bucket-of-environment.ts';
import { createClaimCheckPublisher } from '../../lib/runtime/claim-check.ts';
import { createTopicPublisher, type TopicPublisher } from '../../lib/runtime/publisher.ts';
import { requireEnvironment } from '../../lib/runtime/require-environment.ts';
import { createLogger } from '../../lib/runtime/telemetry/create-logger.ts';
import { problemResponse, RequestProblem } from './problem-response.ts';
import { createProducerCounter } from './producer-counter.ts';
import {
  type PublishAnswer,
  type PublishCounts,
  type PublishDependencies,
  publishRequest,
} from './publish-request.ts';
import type { PublishRequest } from './read-request.ts';

/** What the answer needs after the last attempt to publish. */
const MARGIN_MS = 1_000;

/** One failure when it is not known how many events the request had. */
const FAILED: PublishCounts = { published: 0, rejected: 0, failed: 1 };

/** Who may publish what, and how much. */
export type PublishRules = Pick<PublishDependencies, 'producers' | 'maxRequestBytes' | 'counter'>;

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
    ).catch((error: unknown) => answerFailure(error, logger));
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
  };
}

function publisherOfEnvironment(): TopicPublisher {
  const topicArn = requireEnvironment(ENVIRONMENT.topicArn);
  const publisher = createTopicPublisher({ sns: createSnsClient(), topicArn });
  return createClaimCheckPublisher(publisher, createBucketOfEnvironment());
}

/** Nobody's fault but ours: the log has the reason, the caller gets none of our insides. */
function answerFailure(error: unknown, logger: Logger): PublishAnswer {
  logger.error('the request failed', error instanceof Error ? error : new Error(String(error)));
  const problem = new RequestProblem(
    'internal',
    'the request failed; its events may be sent again with the same ids',
  );
  return { response: problemResponse(problem), counts: FAILED, notes: {} };
}
