import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startDynamoDB } from '../../lib/local/engines/dynamodb.ts';
import { createMessagingEngine } from '../../lib/local/engines/fauxqs.ts';
import { reservePort } from '../../lib/local/engines/reserve-port.ts';

/** What the worker of the benchmark is told. */
export interface Place {
  readonly aws: string;
  readonly dynamodb: string;
  readonly bucket: string;
  readonly table: string;
  readonly queueUrl: string;
  readonly replayQueueUrl: string;
}

/** Clients of the engines. */
export function clientsOf({ aws, dynamodb }: Pick<Place, 'aws' | 'dynamodb'>) {
  const common = { region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  return {
    sqs: new SQSClient({ ...common, endpoint: aws }),
    s3: new S3Client({ ...common, endpoint: aws, forcePathStyle: true }),
    dynamodb: new DynamoDBClient({ ...common, endpoint: dynamodb }),
  };
}

/** Starts SQS, S3 and DynamoDB on this machine, with what a replay needs. */
export async function startPlace(): Promise<Place & { stop(): Promise<void> }> {
  const port = async (): Promise<number> => reservePort(0, { what: 'the benchmark', flag: '', variable: '' });
  const database = await startDynamoDB(await port(), undefined);
  const messaging = await createMessagingEngine('eu-west-1', undefined);
  const aws = await messaging.app.listen({ host: '127.0.0.1', port: await port() });
  const { sqs, s3, dynamodb } = clientsOf({ aws, dynamodb: database.endpoint });
  const queue = async (QueueName: string, fifo: boolean): Promise<string> => {
    const Attributes = { VisibilityTimeout: '600', ...(fifo && { FifoQueue: 'true' }) };
    return (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
  };
  await s3.send(new CreateBucketCommand({ Bucket: 'archive' }));
  const names = ['replay', 'part'];
  await dynamodb.send(
    new CreateTableCommand({
      TableName: 'replays',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: names.map((AttributeName, index) => ({
        AttributeName,
        KeyType: index === 0 ? 'HASH' : 'RANGE',
      })),
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    }),
  );
  return {
    aws,
    dynamodb: database.endpoint,
    bucket: 'archive',
    table: 'replays',
    queueUrl: await queue('consumer', false),
    replayQueueUrl: await queue('replay.fifo', true),
    stop: async () => {
      for (const client of [sqs, s3, dynamodb]) client.destroy();
      await messaging.app.close();
      await database.stop();
    },
  };
}
