import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { ENVIRONMENT } from '../../lib/contracts/environment.ts';
import { refusePlainHttp } from '../../lib/runtime/plain-http.ts';
import { requireEnvironment } from '../../lib/runtime/require-environment.ts';
import { signedHeaders } from '../../lib/runtime/signature.ts';

/** Counts what a producer publishes in a minute, over all instances of the function. */
export interface ProducerCounter {
  /**
   * Counts events, unless there would be more than the limit in this minute.
   *
   * @throws Error when the table does not answer: then nobody knows
   */
  count(producer: string, events: number, limit: number): Promise<'taken' | 'over'>;
}

const MINUTE_MS = 60_000;
/** The publish function has better things to wait for. */
const TIMEOUT_MS = 1_000;
const KEPT_SECONDS = 3_600;

/**
 * A counter in the table that the stack has named to this function. One request by hand: the SDK's client would make the bundle half as
 * large again, for the few producers that have a limit.
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
      if (response.ok) return 'taken';
      const answer = await response.text();
      if (answer.includes('ConditionalCheckFailedException')) return 'over';
      throw new Error(`the table of producers' counts answered ${response.status}: ${answer.slice(0, 200)}`);
    },
  };
}

const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'DynamoDB_20120810.UpdateItem',
};

/** Seconds until the next minute begins, in which more may be published. */
export function secondsLeft(now: number): number {
  return Math.ceil((MINUTE_MS - (now % MINUTE_MS)) / 1_000);
}
