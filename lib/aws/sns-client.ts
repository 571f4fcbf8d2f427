import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createRequestHandler } from './request-handler.ts';

/** Settings of SDK clients in Lambda. `cacheMiddleware` builds the middleware of an operation once, not for every request. */
function clientConfiguration(silenceMs?: number) {
  return { cacheMiddleware: true, requestHandler: createRequestHandler(silenceMs) };
}

/**
 * The client of SQS. It sends to the endpoint of its region or of `AWS_ENDPOINT_URL_SQS`. By default, the SDK sends to the host in the URL of a
 * queue instead: the URL of a queue of another stack is made of its ARN, and names AWS also on this machine and where a VPC has an endpoint of
 * its own.
 */
export function createSqsClient(): SQSClient {
  return new SQSClient({ ...clientConfiguration(), useQueueUrlAsEndpoint: false });
}

/** The client of the topic publisher. It makes one attempt, because the publisher retries itself. */
export function createSnsClient(silenceMs?: number): SNSClient {
  return new SNSClient({ ...clientConfiguration(silenceMs), maxAttempts: 1 });
}
