import {
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { tail } from '../../../lib/ops/tail.ts';

const sqs = mockClient(SQSClient);
const sns = mockClient(SNSClient);
const clients = { sqs: new SQSClient({}), sns: new SNSClient({}) };

beforeEach(() => {
  sqs.reset();
  sns.reset();
  sqs.on(ListQueuesCommand).resolves({});
  sqs.on(CreateQueueCommand).resolves({ QueueUrl: 'https://sqs/tail' });
  sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { QueueArn: 'arn:tail' } });
  sqs.on(DeleteQueueCommand).resolves({});
  sns.on(SubscribeCommand).resolves({ SubscriptionArn: 'arn:subscription' });
  sns.on(UnsubscribeCommand).resolves({});
  sns.on(ListSubscriptionsByTopicCommand).resolves({});
});

it.each<[string, () => void]>([
  [
    'its queue cannot be described',
    () => void sqs.on(GetQueueAttributesCommand).rejects(new Error('broken')),
  ],
  ['its queue cannot be subscribed', () => void sns.on(SubscribeCommand).rejects(new Error('broken'))],
  ['nothing can be received', () => void sqs.on(ReceiveMessageCommand).rejects(new Error('broken'))],
  [
    'its subscription cannot be ended',
    () => {
      sqs.on(ReceiveMessageCommand).rejects(new Error('broken'));
      sns.on(UnsubscribeCommand).rejects(new Error('broken'));
    },
  ],
])('a tail takes its queue away when %s', async (_, break_) => {
  break_();
  const { signal } = new AbortController();
  await expect(
    tail(clients, { topicArn: 'arn:topic' }, { signal, onEvent: () => undefined }),
  ).rejects.toThrow('broken');
  expect(sqs.commandCalls(DeleteQueueCommand)).toHaveLength(1);
});

it('a tail passes over a queue that SQS lists and that is gone', async () => {
  sqs.on(ListQueuesCommand).resolves({ QueueUrls: ['https://sqs/gone'] });
  sqs
    .on(GetQueueAttributesCommand, { QueueUrl: 'https://sqs/gone' })
    .rejects(new QueueDoesNotExist({ message: 'gone', $metadata: {} }));
  sqs.on(ReceiveMessageCommand).resolves({});
  const stopped = AbortSignal.abort();
  await tail(clients, { topicArn: 'arn:topic' }, { signal: stopped, onEvent: () => undefined });
  expect(sqs.commandCalls(DeleteQueueCommand)).toHaveLength(1);
});
