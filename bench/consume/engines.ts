import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startDynamoDB } from '../../lib/local/engines/dynamodb.ts';
import { createMessagingEngine } from '../../lib/local/engines/fauxqs.ts';
import { reservePort } from '../../lib/local/engines/reserve-port.ts';

/** The engines that the subjects talk to, with the tables and the queue that they need. */
export interface Engines {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly queueUrl: string;
  /** Requests to SQS since the last call. */
  takeSqsRequests(): number;
  stop(): Promise<void>;
}

const CLIENT = { region: 'us-east-1', credentials: { accessKeyId: 'x', secretAccessKey: 'y' } };
const freePort = () => reservePort(0, { what: 'engine', flag: '', variable: '' });

export async function startEngines(): Promise<Engines> {
  const dynamodb = await startDynamoDB(await freePort(), undefined);
  const messaging = await createMessagingEngine(CLIENT.region, undefined);
  let sqsRequests = 0;
  messaging.app.addHook('onRequest', async () => {
    sqsRequests += 1;
  });
  const sqs = await messaging.app.listen({ host: '127.0.0.1', port: await freePort() });
  const client = new DynamoDBClient({ ...CLIENT, endpoint: dynamodb.endpoint });
  for (const TableName of ['records', 'effects']) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
    );
  }
  const { QueueUrl = '' } = await new SQSClient({ ...CLIENT, endpoint: sqs }).send(
    new CreateQueueCommand({ QueueName: 'bench' }),
  );
  return {
    dynamodb: dynamodb.endpoint,
    sqs,
    queueUrl: QueueUrl,
    takeSqsRequests: () => {
      const counted = sqsRequests;
      sqsRequests = 0;
      return counted;
    },
    stop: async () => {
      client.destroy();
      await messaging.app.close();
      await dynamodb.stop();
    },
  };
}
