import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';

/** SDK clients as Lambda needs them: `cacheMiddleware` builds each operation's middleware once, not per request. */
export function createClients(): { readonly dynamodb: DynamoDBClient; readonly sqs: SQSClient } {
  return {
    dynamodb: new DynamoDBClient({ cacheMiddleware: true }),
    sqs: new SQSClient({ cacheMiddleware: true }),
  };
}
