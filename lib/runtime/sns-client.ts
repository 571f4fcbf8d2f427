import { SNSClient } from '@aws-sdk/client-sns';

/**
 * The SDK waits for an answer without end by default. SNS answers within milliseconds: a connection that is silent for
 * so long is dead, and the SDK's next attempt takes another one.
 */
const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/** An SNS client as Lambda needs it: `cacheMiddleware` builds each operation's middleware once, not per request. */
export function createSnsClient(): SNSClient {
  return new SNSClient({ cacheMiddleware: true, requestHandler: TIMEOUTS });
}
