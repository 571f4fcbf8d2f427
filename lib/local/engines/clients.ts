import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CREDENTIALS, type Endpoints } from '../functions/environment.ts';

/** Clients of the engines. */
export interface Clients {
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
}

/** Makes clients for what runs here, whatever the machine's own AWS configuration says. */
export function createClients({ region, aws, dynamodb }: Endpoints): Clients {
  const common = { region, credentials: CREDENTIALS };
  return {
    sns: new SNSClient({ ...common, endpoint: aws }),
    sqs: new SQSClient({ ...common, endpoint: aws }),
    dynamodb: new DynamoDBClient({ ...common, endpoint: dynamodb }),
  };
}
