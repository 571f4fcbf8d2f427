import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { refusePlainHttp } from '../../aws/plain-http.ts';
import { requireEnvironment } from '../../aws/require-environment.ts';
import { signedHeaders } from '../../aws/signature.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';

/** Counts the events that a producer publishes in a minute, over all instances of the function. */
export interface ProducerCounter {
  /**
   * Adds events to the count of this minute, unless the count would exceed the limit.
   *
   * @throws Error when the table does not answer, so that the count is not known
   */
  count(producer: string, events: number, limit: number): Promise<'counted' | 'over'>;
}

const MINUTE_MS = 60_000;
/** Short, because the request waits for the counter. */
const TIMEOUT_MS = 1_000;
const KEPT_SECONDS = 3_600;

/**
 * Creates a counter that uses the table in the environment. It sends its request without the SDK, whose client would make the bundle
 * 50 % larger, and only few producers have a limit.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
 */
export function createProducerCounter(now: () => number = Date.now): ProducerCounter {
  const table = requireEnvironment(ENVIRONMENT.producerCounts);
  const region = requireEnvironment('AWS_REGION');
  const url = new URL(
    process.env.AWS_ENDPOINT_URL_DYNAMODB ??
      process.env.AWS_ENDPOINT_URL ??
      `https://dynamodb.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}/`,
  );
  const credentials = defaultProvider();
  return {
    count: async (producer, events, limit) => {
      const minute = Math.floor(now() / MINUTE_MS);
      const body = JSON.stringify({
        TableName: table,
        Key: { id: { S: `${producer}#${minute}` } },
        UpdateExpression: 'SET expiresAt = :expiresAt ADD events :events',
        ConditionExpression: 'attribute_not_exists(events) OR events <= :room',
        ExpressionAttributeValues: {
          ':events': { N: String(events) },
          ':room': { N: String(limit - events) },
          ':expiresAt': { N: String(minute * 60 + KEPT_SECONDS) },
        },
      });
      const headers = signedHeaders(
        { method: 'POST', host: url.host, path: url.pathname, headers: HEADERS, body },
        { service: 'dynamodb', region, credentials: await credentials(), now: now() },
      );
      refusePlainHttp(url, headers);
      const { host: _, ...own } = headers;
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(url, { method: 'POST', headers: own, body, signal });
      if (response.ok) return 'counted';
      const answer = await response.text();
      if (answer.includes('ConditionalCheckFailedException')) return 'over';
      throw new Error(
        `the table that counts the producers' events answered ${response.status}: ${answer.slice(0, 200)}`,
      );
    },
  };
}

const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'DynamoDB_20120810.UpdateItem',
};

/** Seconds until the next minute begins, with a new count. */
export function secondsLeft(now: number): number {
  return Math.ceil((MINUTE_MS - (now % MINUTE_MS)) / 1_000);
}
