import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { plainHttpGuard } from '../runtime/plain-http.ts';

/** Where a deployment is: on this machine, or on AWS with the ordinary configuration. */
export type Place =
  | { readonly kind: 'local'; readonly awsEndpoint: string; readonly dynamodbEndpoint: string }
  | {
      readonly kind: 'aws';
      /** @default - as the AWS SDK finds it */
      readonly profile?: string | undefined;
      /** @default - as the AWS SDK finds it */
      readonly region?: string | undefined;
    };

/** Everything that an operator talks to a deployment with. */
export interface OpsClients {
  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
}

/** On this machine any would do. */
const LOCAL = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Makes the clients; `close` ends their connections. Session credentials are never sent over plain http beyond this machine. */
export function createOpsClients(place: Place): OpsClients & { close(): void } {
  const { aws, dynamodb } = configurationOf(place);
  const clients = {
    cloudFormation: new CloudFormationClient(aws),
    cloudWatch: new CloudWatchClient(aws),
    sns: new SNSClient(aws),
    sqs: new SQSClient(aws),
    dynamodb: new DynamoDBClient(dynamodb),
  };
  for (const client of Object.values(clients)) client.middlewareStack.use(plainHttpGuard);
  return {
    ...clients,
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

function configurationOf(place: Place) {
  if (place.kind === 'local') {
    return {
      aws: { ...LOCAL, endpoint: place.awsEndpoint },
      dynamodb: { ...LOCAL, endpoint: place.dynamodbEndpoint },
    };
  }
  const { profile, region } = place;
  const aws = {
    ...(profile !== undefined && { profile, credentials: defaultProvider({ profile }) }),
    ...(region !== undefined && { region }),
  };
  return { aws, dynamodb: aws };
}
