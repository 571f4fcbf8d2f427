import type { SNSClient } from '@aws-sdk/client-sns';
import { MAX_REQUEST_BYTES } from '../../contracts/envelope/request-limits.ts';
import { MAX_MESSAGE_BYTES } from '../topic/publish-chunks.ts';
import type { TopicPublisher } from '../topic/topic-publisher.ts';
import type { Sender } from './sender.ts';

/** How the client of the bucket begins the message of an answer 403. */
const REFUSED = /^S3 answers 403 /;

export interface TopicSenderProps {
  readonly topicArn: string;
  /** Name of the bus's bucket for events that are too large for a message: the output `DataBucketName` of the bus stack. @default - none; such events are refused */
  readonly dataBucket?: string;
  /** URL of the bus's queue of events that come later: the output `LaterQueueUrl` of the bus stack. @default - none; such events are refused */
  readonly laterQueueUrl?: string;
  /**
   * Your own SNS client. Set `maxAttempts: 1` on it: the publisher makes four attempts itself, and the client's attempts multiply them.
   *
   * @default - a client for the region of the topic, with the credentials that the AWS SDK finds
   */
  readonly sns?: Pick<SNSClient, 'send'>;
}

/** Sends events directly to the topic. It loads the SNS client with the first event, so that users of the API never load it. */
export function createTopicSender(props: TopicSenderProps): Sender {
  let ready: Promise<TopicPublisher> | undefined;
  return {
    fifo: props.topicArn.endsWith('.fifo'),
    takesLater: props.laterQueueUrl !== undefined,
    maxEventBytes: props.dataBucket === undefined ? MAX_MESSAGE_BYTES : MAX_REQUEST_BYTES,
    publish: async (events, options) => {
      ready ??= connect(props);
      return (await ready).publish(events, options);
    },
  };
}

async function connect({
  topicArn,
  dataBucket,
  laterQueueUrl,
  sns,
}: TopicSenderProps): Promise<TopicPublisher> {
  const region = topicArn.split(':')[3] ?? '';
  const { createTopicPublisher } = await import('../topic/topic-publisher.ts');
  const topic = createTopicPublisher({ topicArn, sns: sns ?? (await createClient(region)) });
  const publisher = laterQueueUrl === undefined ? topic : await withQueue(topic, laterQueueUrl, region);
  return dataBucket === undefined ? publisher : withBucket(publisher, dataBucket, region);
}

async function withQueue(
  publisher: TopicPublisher,
  queueUrl: string,
  region: string,
): Promise<TopicPublisher> {
  const { createLaterPublisher } = await import('../topic/later-publisher.ts');
  const { createLaterQueue } = await import('../topic/later-queue.ts');
  const { createSendBatch } = await import('../topic/send-batch.ts');
  const { systemClock } = await import('../../aws/clock.ts');
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  const caller = { region, credentials: defaultProvider(), environment: process.env, clock: systemClock };
  return createLaterPublisher(publisher, createLaterQueue({ queueUrl, sendBatch: createSendBatch(caller) }));
}

async function withBucket(publisher: TopicPublisher, name: string, region: string): Promise<TopicPublisher> {
  const { createClaimCheckPublisher } = await import('../topic/claim-check.ts');
  const { createDataBucket } = await import('../large-data/data-bucket.ts');
  const { systemClock } = await import('../../aws/clock.ts');
  const { s3EndpointOf } = await import('../../aws/service-endpoint.ts');
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  const bucket = createDataBucket({
    name,
    region,
    credentials: defaultProvider(),
    endpoint: s3EndpointOf(process.env),
    clock: systemClock,
    random: Math.random,
  });
  return createClaimCheckPublisher(publisher, {
    ...bucket,
    put: (key, text, options) => bucket.put(key, text, options).catch(explainRefusal),
  });
}

/** Other accounts may only read the bucket, so a publisher there always gets this answer. */
function explainRefusal(error: unknown): never {
  if (!(error instanceof Error) || !REFUSED.test(error.message)) throw error;
  throw new Error(
    `${error.message}: this identity may not write to the bucket of the bus. In the account of the bus, allow it s3:PutObject; ` +
      'from another account, publish large events over the API: createPublisher({ url })',
    { cause: error },
  );
}

async function createClient(region: string): Promise<SNSClient> {
  const { SNSClient } = await import('@aws-sdk/client-sns');
  const { createRequestHandler } = await import('../../aws/request-handler.ts');
  const { plainHttpGuard } = await import('../../aws/plain-http.ts');
  // By default, the SDK would make three attempts for each attempt of the publisher, and would wait for an answer without a limit.
  const sns = new SNSClient({ region, maxAttempts: 1, requestHandler: createRequestHandler() });
  sns.middlewareStack.use(plainHttpGuard);
  return sns;
}
