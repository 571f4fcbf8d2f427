import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createRequestHandler } from './request-handler.ts';

/** SDK clients as Lambda needs them: `cacheMiddleware` builds each operation's middleware once, not per request. */
function clientConfiguration() {
  return { cacheMiddleware: true, requestHandler: createRequestHandler() };
}

export function createSqsClient(): SQSClient {
  return new SQSClient(clientConfiguration());
}

export function createSnsClient(): SNSClient {
  return new SNSClient(clientConfiguration());
}
