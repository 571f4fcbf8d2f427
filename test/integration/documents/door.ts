import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { systemClock } from '../../../lib/aws/clock.ts';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import type { EventContract } from '../../../lib/contracts/define-event.ts';
import { createMessagingEngine } from '../../../lib/local/engines/fauxqs.ts';
import {
  createPublishHandler,
  type PublishHandler,
} from '../../../lib/publishing/http/create-publish-handler.ts';
import { createDataBucket } from '../../../lib/publishing/large-data/data-bucket.ts';
import { createClaimCheckPublisher } from '../../../lib/publishing/topic/claim-check.ts';
import { createTopicPublisher, type TopicPublisher } from '../../../lib/publishing/topic/topic-publisher.ts';
import type { HttpRequest } from './judge.ts';

const REGION = 'eu-west-1';
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const BUCKET = 'bus-data';

/** What the publish function answers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The real door: the handler of the publish function over the embedded SNS, SQS and S3, with a queue behind the topic. */
export interface Door {
  readonly publisher: TopicPublisher;
  send(request: HttpRequest): Promise<Answer>;
  /** Takes what has arrived in the queue, with raw delivery. */
  receiveAll(): Promise<readonly Message[]>;
  stop(): Promise<void>;
}

export async function openDoor(contracts: readonly EventContract[], { fifo = false } = {}): Promise<Door> {
  const engine = await createMessagingEngine(REGION, undefined);
  const endpoint = await engine.app.listen({ port: 0, host: '127.0.0.1' });
  const client = { endpoint, region: REGION, credentials: CREDENTIALS };
  const [sns, sqs] = [new SNSClient(client), new SQSClient(client)];
  await new S3Client({ ...client, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: BUCKET }));
  const Name = fifo ? 'events.fifo' : 'events';
  const { TopicArn = '' } = await sns.send(
    new CreateTopicCommand({ Name, ...(fifo && { Attributes: { FifoTopic: 'true' } }) }),
  );
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: Name, ...(fifo && { Attributes: { FifoQueue: 'true' } }) }),
  );
  const Endpoint = TopicArn.replace(':sns:', ':sqs:');
  const Attributes = { RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
  const bucket = createDataBucket({
    name: BUCKET,
    region: REGION,
    credentials: async () => CREDENTIALS,
    endpoint,
    clock: systemClock,
    random: Math.random,
  });
  const publisher = createClaimCheckPublisher(createTopicPublisher({ sns, topicArn: TopicArn }), bucket);
  const handler = createPublishHandler(createCatalog(contracts), publisher);
  return {
    publisher,
    send: (request) => send(handler, request),
    receiveAll: () => receiveAll(sqs, QueueUrl),
    stop: () => engine.app.close(),
  };
}

/** Hands a request over as API Gateway does: what it takes for text as a string, everything else in base64. */
async function send(handler: PublishHandler, { type: path, headers, body }: HttpRequest): Promise<Answer> {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const isText = /^(?:text\/[^;]*|application\/(?:json|javascript|xml)) *(?:;|$)/i.test(type);
  const answer = await handler(
    {
      headers: { ...headers },
      ...(path !== undefined && { pathParameters: { type: path } }),
      ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
      isBase64Encoded: !isText && body.length > 0,
    },
    { getRemainingTimeInMillis: () => 28_000 },
  );
  return {
    status: Number(answer.statusCode),
    headers: answer.headers ?? {},
    body: JSON.parse(answer.body ?? '{}'),
  };
}

async function receiveAll(sqs: SQSClient, QueueUrl: string): Promise<readonly Message[]> {
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return all;
    all.push(...Messages);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
