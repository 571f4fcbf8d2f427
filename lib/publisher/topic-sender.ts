import type { SNSClient } from '@aws-sdk/client-sns';
import { MAX_REQUEST_BYTES } from '../contracts/request-limits.ts';
import { MAX_MESSAGE_BYTES } from '../runtime/publish-chunks.ts';
import type { TopicPublisher } from '../runtime/publisher.ts';
import type { Sender } from './sender.ts';

export interface TopicSenderProps {
  readonly topicArn: string;
  /** The bus's own bucket, for events that are too large for a message: the output `DataBucketName` of its stack. @default - none; such events are refused */
  readonly dataBucket?: string;
  /**
   * One of your own best does not try again itself (`maxAttempts: 1`): its attempts count for each of the four tries here.
   *
   * @default - a client for the region of the topic, with the credentials that the AWS SDK finds
   */
  readonly sns?: Pick<SNSClient, 'send'>;
}

/** Sends to the topic itself. The SNS client is loaded with the first event: who uses the API never needs it. */
export function createTopicSender(props: TopicSenderProps): Sender {
  let ready: Promise<TopicPublisher> | undefined;
  return {
    maxEventBytes: props.dataBucket === undefined ? MAX_MESSAGE_BYTES : MAX_REQUEST_BYTES,
    publish: async (events, options) => {
      ready ??= connect(props);
      return (await ready).publish(events, options);
    },
  };
}

async function connect({ topicArn, dataBucket, sns }: TopicSenderProps): Promise<TopicPublisher> {
  const region = topicArn.split(':')[3] ?? '';
  const { createTopicPublisher } = await import('../runtime/publisher.ts');
  const publisher = createTopicPublisher({ topicArn, sns: sns ?? (await createClient(region)) });
  return dataBucket === undefined ? publisher : withBucket(publisher, dataBucket, region);
}

async function withBucket(publisher: TopicPublisher, name: string, region: string): Promise<TopicPublisher> {
  const { createClaimCheckPublisher } = await import('../runtime/claim-check.ts');
  const { createDataBucket } = await import('../runtime/data-bucket.ts');
  const { systemClock } = await import('../runtime/clock.ts');
  const { s3EndpointOf } = await import('../runtime/s3-endpoint.ts');
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  const bucket = createDataBucket({
    name,
    region,
    credentials: defaultProvider(),
    endpoint: s3EndpointOf(process.env),
    clock: systemClock,
    random: Math.random,
  });
  return createClaimCheckPublisher(publisher, bucket);
}

async function createClient(region: string): Promise<SNSClient> {
  const { SNSClient } = await import('@aws-sdk/client-sns');
  const { createRequestHandler } = await import('../runtime/request-handler.ts');
  const { plainHttpGuard } = await import('../runtime/plain-http.ts');
  // The SDK would try three times for each try of ours, and wait without end for who says nothing.
  const sns = new SNSClient({ region, maxAttempts: 1, requestHandler: createRequestHandler() });
  sns.middlewareStack.use(plainHttpGuard);
  return sns;
}
