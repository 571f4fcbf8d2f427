import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createRequestHandler } from './request-handler.ts';

/** Settings of SDK clients in Lambda. `cacheMiddleware` builds the middleware of an operation once, not for every request. */
function clientConfiguration(silenceMs?: number) {
  return { cacheMiddleware: true, requestHandler: createRequestHandler(silenceMs) };
}

export function createSqsClient(): SQSClient {
  // A URL that is made of an ARN has a host of AWS. On the local runner the queue is elsewhere.
  return new SQSClient({ ...clientConfiguration(), useQueueUrlAsEndpoint: false });
}

/** The client of the topic publisher. It makes one attempt, because the publisher retries itself. */
export function createSnsClient(silenceMs?: number): SNSClient {
  return new SNSClient({ ...clientConfiguration(silenceMs), maxAttempts: 1 });
}
