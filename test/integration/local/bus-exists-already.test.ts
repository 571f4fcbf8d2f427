import { rmSync } from 'node:fs';
import {
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  PublishCommand,
} from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { eventually, itemsOf, post } from '../../apps/client.ts';
import { neighbour } from '../../apps/faults/consumer.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { idOf } from './assembly.ts';
import { AGAIN, twiceBy } from './exists-already.ts';

/** A FIFO bus as the constructs make it, with one consumer. */
const fifoApp = synthesizeApp({
  base: new URL('../../apps/faults/', import.meta.url).href,
  publishEntry: './publish.ts',
  fifo: true,
  consumers: [{ definition: neighbour, entry: './neighbour.ts' }],
});
afterAll(() => rmSync(fifoApp, { recursive: true, force: true }));

async function queueAttributes(local: LocalStack, id: string) {
  const command = new GetQueueAttributesCommand({ QueueUrl: idOf(local, id), AttributeNames: ['All'] });
  return (await local.sqs.send(command)).Attributes;
}

async function bodiesIn(local: LocalStack, id: string) {
  const command = new ReceiveMessageCommand({ QueueUrl: idOf(local, id), MaxNumberOfMessages: 10 });
  const { Messages = [] } = await local.sqs.send(command);
  return Messages.map(({ Body }) => Body);
}

describe.each(AGAIN)('%s finds', (_, again) => {
  const twice = twiceBy(again);

  it('a FIFO bus as it was, with what is in it', async () => {
    const deadLetters = { 'Fn::GetAtt': ['Dead', 'Arn'] };
    const bus = {
      Topic: { Type: 'AWS::SNS::Topic', Properties: { FifoTopic: true, ContentBasedDeduplication: true } },
      Dead: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          FifoQueue: true,
          ContentBasedDeduplication: true,
          DeduplicationScope: 'messageGroup',
          FifoThroughputLimit: 'perMessageGroupId',
          RedrivePolicy: { deadLetterTargetArn: deadLetters, maxReceiveCount: 3 },
        },
      },
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: { Ref: 'Topic' },
          Protocol: 'sqs',
          Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          RawMessageDelivery: true,
          FilterPolicy: { type: ['order'] },
        },
      },
    };
    const publish = (local: LocalStack, Message: string) =>
      local.sns.send(
        new PublishCommand({
          TopicArn: idOf(local, 'Topic'),
          Message,
          MessageGroupId: Message,
          MessageAttributes: { type: { DataType: 'String', StringValue: 'order' } },
        }),
      );
    const local = await twice(bus, bus, (first) => publish(first, 'before'));
    await publish(local, 'after');
    expect(await bodiesIn(local, 'Queue')).toEqual(['before', 'after']);
    expect(await queueAttributes(local, 'Queue')).toMatchObject({
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
  });

  it('the FIFO bus of the constructs as it was, and what is published has its effect', async () => {
    const local = await again([fifoApp, fifoApp], async () => undefined);
    const event = { id: 'a', type: 'test.FaultRequested.v1', partitionkey: 'a', data: { fault: 'none' } };
    expect(await post(local, event)).toMatchObject({ status: 202 });
    await eventually('it has its effect', async () => {
      return (await itemsOf(local, 'Neighbour', 'EffectsTable')).length === 1;
    });
  });

  it('a FIFO queue, and changes what the template has changed or says no more', async () => {
    const queue = (properties: object) => ({
      Queue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true, ...properties } },
    });
    const before = { ContentBasedDeduplication: true, DeduplicationScope: 'messageGroup' };
    const local = await twice(queue(before), queue({ VisibilityTimeout: 90 }));
    expect(await queueAttributes(local, 'Queue')).toMatchObject({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'false',
      DeduplicationScope: 'queue',
      VisibilityTimeout: '90',
    });
  });

  it('a queue without the policies of redrive that it had', async () => {
    const policies = {
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 3 },
      RedriveAllowPolicy: { redrivePermission: 'denyAll' },
    };
    const queue = (Properties: object) => ({
      Dead: { Type: 'AWS::SQS::Queue' },
      Queue: { Type: 'AWS::SQS::Queue', Properties },
    });
    const local = await twice(queue(policies), queue({}));
    const { RedrivePolicy = '', RedriveAllowPolicy = '' } = (await queueAttributes(local, 'Queue')) ?? {};
    expect([RedrivePolicy, RedriveAllowPolicy]).toEqual(['', '']);
  });

  it.each([
    ['FIFO', true, true, 'true'],
    ['FIFO', true, undefined, 'false'],
    ['standard', undefined, undefined, undefined],
  ])('a %s topic: deduplication %s, then %s', async (_kind, FifoTopicAndDeduplication, after, expected) => {
    const fifo = FifoTopicAndDeduplication && { FifoTopic: true };
    const topic = (ContentBasedDeduplication: boolean | undefined) => ({
      Topic: { Type: 'AWS::SNS::Topic', Properties: { ...fifo, ContentBasedDeduplication } },
    });
    const local = await twice(topic(FifoTopicAndDeduplication), topic(after));
    const { Attributes } = await local.sns.send(
      new GetTopicAttributesCommand({ TopicArn: idOf(local, 'Topic') }),
    );
    expect(Attributes?.ContentBasedDeduplication).toBe(expected);
  });

  it('a subscription, and filters by the new policy alone', async () => {
    const bus = (properties: object) => ({
      Topic: { Type: 'AWS::SNS::Topic' },
      Queue: { Type: 'AWS::SQS::Queue' },
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: { Ref: 'Topic' },
          Protocol: 'sqs',
          Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          RawMessageDelivery: true,
          ...properties,
        },
      },
    });
    const local = await twice(
      bus({ FilterPolicy: { type: ['order'] } }),
      bus({ FilterPolicyScope: 'MessageBody', FilterPolicy: { kind: ['refund'] } }),
    );
    for (const Message of ['{"kind":"refund"}', '{"kind":"order"}'])
      await local.sns.send(new PublishCommand({ TopicArn: idOf(local, 'Topic'), Message }));
    expect(await bodiesIn(local, 'Queue')).toEqual(['{"kind":"refund"}']);
    const { Attributes } = await local.sns.send(
      new GetSubscriptionAttributesCommand({ SubscriptionArn: idOf(local, 'Subscription') }),
    );
    expect(Attributes).toMatchObject({ FilterPolicyScope: 'MessageBody' });
  });
});
