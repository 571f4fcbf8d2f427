import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createRequestHandler } from './request-handler.ts';

/** SDK clients as Lambda needs them: `cacheMiddleware` builds each operation's middleware once, not per request. */
function clientConfiguration(silenceMs?: number) {
  return { cacheMiddleware: true, requestHandler: createRequestHandler(silenceMs) };
}

export function createSqsClient(): SQSClient {
  return new SQSClient(clientConfiguration());
}

/** For the topic publisher, which tries again itself: the SDK's three attempts would make three requests of each of its own. */
export function createSnsClient(silenceMs?: number): SNSClient {
  return new SNSClient({ ...clientConfiguration(silenceMs), maxAttempts: 1 });
}
