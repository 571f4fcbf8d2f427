import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CREDENTIALS, type Endpoints } from '../functions/environment.ts';

/** SDK clients of the local engines. */
export interface Clients {
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
}

/** Creates SDK clients for the local engines. They ignore the AWS configuration of this machine. */
export function createClients({ region, aws, dynamodb }: Endpoints): Clients {
  const common = { region, credentials: CREDENTIALS };
  return {
    ...createMessagingClients({ region, aws }, CREDENTIALS.accessKeyId),
    dynamodb: new DynamoDBClient({ ...common, endpoint: dynamodb }),
  };
}

/** Creates the clients of SNS and SQS for one account, which the engine knows by the access key. */
export function createMessagingClients(
  { region, aws: endpoint }: Omit<Endpoints, 'dynamodb'>,
  accessKeyId: string,
): Omit<Clients, 'dynamodb'> {
  const settings = { region, endpoint, credentials: { ...CREDENTIALS, accessKeyId } };
  return { sns: new SNSClient(settings), sqs: new SQSClient(settings) };
}
