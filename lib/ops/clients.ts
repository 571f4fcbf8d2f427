import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { plainHttpGuard } from '../aws/plain-http.ts';
import { readParameter } from './bus/read-parameter.ts';
import { readAheadMs } from './local-clock.ts';
import { noteRequest } from './note-request.ts';

/** Where a deployment is: on this machine, or on AWS with the configuration of the AWS SDK. */
export type Target =
  | { readonly kind: 'local'; readonly awsEndpoint: string; readonly dynamodbEndpoint: string }
  | {
      readonly kind: 'aws';
      /** @default - chosen by the AWS SDK */
      readonly profile?: string | undefined;
      /** @default - chosen by the AWS SDK */
      readonly region?: string | undefined;
    };

/** The AWS clients of the operator's commands. */
export interface OpsClients {
  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  /** The value of a parameter of Systems Manager. @throws Error named as the service names it, such as `ParameterNotFound` */
  readParameter(name: string): Promise<string>;
  /** How far the time of the deployment is ahead of the real time, in milliseconds: on this machine it can be moved, on AWS it is 0. */
  aheadMs(): Promise<number>;
  /** Created at the first call, because most commands do not need it. */
  lambda(): Promise<LambdaClient>;
  /** Created at the first call, because most commands do not need it. */
  kms(): Promise<KMSClient>;
  /** Created at the first call, because most commands do not need it. */
  s3(): Promise<S3Client>;
  /** Created at the first call, because most commands do not need it. */
  scheduler(): Promise<SchedulerClient>;
}

/** The local engines accept any region and credentials. */
const LOCAL = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Creates the clients; `close` ends their connections. Credentials are never sent over plain HTTP to another machine. */
export function createOpsClients(place: Target): OpsClients & { close(): void } {
  const { aws, dynamodb } = configurationOf(place);
  const created: { destroy(): void }[] = [];
  const guarded = <T extends GuardedClient>(client: T): T => {
    client.middlewareStack.use(plainHttpGuard);
    client.middlewareStack.use(noteRequest);
    created.push(client);
    return client;
  };
  const lambda = once(async () => guarded(new (await import('@aws-sdk/client-lambda')).LambdaClient(aws)));
  const kms = once(async () => guarded(new (await import('@aws-sdk/client-kms')).KMSClient(aws)));
  const scheduler = once(async () =>
    guarded(new (await import('@aws-sdk/client-scheduler')).SchedulerClient(aws)),
  );
  const s3 = once(async () => {
    const [{ S3Client }, { ARCHIVE_CLIENT }] = await Promise.all([
      import('@aws-sdk/client-s3'),
      import('../archive/read/s3-archive-store.ts'),
    ]);
    // On this machine, no bucket has a name of its own to answer at.
    return guarded(new S3Client({ ...aws, ...ARCHIVE_CLIENT, forcePathStyle: place.kind === 'local' }));
  });
  const sns = guarded(new SNSClient(aws));
  const environment = place.kind === 'local' ? { AWS_ENDPOINT_URL: place.awsEndpoint } : process.env;
  return {
    cloudFormation: guarded(new CloudFormationClient(aws)),
    cloudWatch: guarded(new CloudWatchClient(aws)),
    sns,
    sqs: guarded(new SQSClient(aws)),
    dynamodb: guarded(new DynamoDBClient(dynamodb)),
    readParameter: async (name) => {
      const { region, credentials } = sns.config;
      return readParameter(name, { region: await region(), credentials, environment, clock: Date });
    },
    aheadMs: async () => (place.kind === 'local' ? readAheadMs(place.awsEndpoint) : 0),
    lambda,
    kms,
    s3,
    scheduler,
    close: () => {
      for (const client of created) client.destroy();
    },
  };
}

interface GuardedClient {
  readonly middlewareStack: { use(plugin: typeof plainHttpGuard): void };
  destroy(): void;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let created: Promise<T> | undefined;
  return () => {
    created ??= make();
    return created;
  };
}

function configurationOf(place: Target) {
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
