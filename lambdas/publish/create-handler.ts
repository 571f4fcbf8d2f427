import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { SNSClient } from '@aws-sdk/client-sns';
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Catalog } from '../../lib/contracts/catalog.ts';
import { ENVIRONMENT } from '../../lib/contracts/environment.ts';
import { createTopicPublisher } from '../../lib/runtime/publisher.ts';
import { requireEnvironment } from '../../lib/runtime/require-environment.ts';
import { problemResponse, RequestProblem } from './problem-response.ts';
import { publishRequest } from './publish-request.ts';
import type { PublishRequest } from './read-request.ts';

/** What the answer needs after the last attempt to publish. */
const MARGIN_MS = 1_000;

const METRIC_OF_STATUS: Readonly<Record<string, string>> = { 2: 'accepted', 4: 'rejected', 5: 'failed' };

/** Makes the Lambda handler that publishes events of these contracts. */
export function createPublishHandler(
  catalog: Catalog,
): (
  request: PublishRequest,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<APIGatewayProxyStructuredResultV2> {
  const logger = new Logger();
  const metrics = new Metrics();
  const sns = new SNSClient({ cacheMiddleware: true });
  const publisher = createTopicPublisher({ sns, topicArn: requireEnvironment(ENVIRONMENT.topicArn) });
  return async (request, context) => {
    const startedAt = Date.now();
    const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MS));
    let response: APIGatewayProxyStructuredResultV2;
    try {
      response = await publishRequest({ catalog, publisher }, request, signal);
    } catch (error) {
      // Nobody's fault but ours: the log has the reason, the caller gets none of our insides.
      logger.error('the request failed', error instanceof Error ? error : new Error(String(error)));
      response = problemResponse(
        new RequestProblem('internal', 'the request failed; its events may be sent again with the same ids'),
      );
    }
    const status = response.statusCode ?? 500;
    logger.info('request', { status, milliseconds: Date.now() - startedAt });
    metrics.addMetric(METRIC_OF_STATUS[String(status)[0] ?? ''] ?? 'failed', MetricUnit.Count, 1);
    metrics.publishStoredMetrics();
    return response;
  };
}
