import type { SNSClient } from '@aws-sdk/client-sns';
import type { Sender } from './sender.ts';

export interface TopicSenderProps {
  readonly topicArn: string;
  /** @default - a client for the region of the topic, with the credentials that the AWS SDK finds */
  readonly sns?: Pick<SNSClient, 'send'>;
}

/** Sends to the topic itself. The SNS client is loaded with the first event: who uses the API never needs it. */
export function createTopicSender({ topicArn, sns }: TopicSenderProps): Sender {
  let ready: Promise<Sender> | undefined;
  const connect = async (): Promise<Sender> => {
    const { createTopicPublisher } = await import('../runtime/publisher.ts');
    return createTopicPublisher({ topicArn, sns: sns ?? (await createClient(topicArn)) });
  };
  return {
    publish: async (events, options) => {
      ready ??= connect();
      return (await ready).publish(events, options);
    },
  };
}

async function createClient(topicArn: string): Promise<SNSClient> {
  const { SNSClient } = await import('@aws-sdk/client-sns');
  return new SNSClient({ region: topicArn.split(':')[3] });
}
