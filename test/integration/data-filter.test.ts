import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { subscriptionFilter } from '../../lib/constructs/consumer/filter-policy.ts';
import { type ConsumerProps, defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import type { Envelope } from '../../lib/contracts/envelope/envelope.ts';
import {
  absent,
  atLeast,
  atMost,
  between,
  endsWith,
  greaterThan,
  ignoringCase,
  lessThan,
  noneOf,
  oneOf,
  present,
  startsWith,
} from '../../lib/contracts/where.ts';
import { createMessagingEngine, type MessagingEngine } from '../../lib/local/engines/fauxqs.ts';
import { createTopicPublisher, type TopicPublisher } from '../../lib/publishing/topic/topic-publisher.ts';

const data = { stars: z.int(), author: z.object({ country: z.string() }), verified: z.boolean() };
const ReviewPublished = defineEvent({
  type: 'reviews.ReviewPublished',
  version: 2,
  description: 'A review.',
  data: z.object({ ...data, title: z.string().optional() }),
  earlier: [{ version: 1, data: z.object(data), upcast: (old) => old }],
});
const ReviewArchived = defineEvent({
  type: 'reviews.ReviewArchived',
  version: 1,
  description: 'A review is shown no more.',
  data: z.object({ reason: z.string() }),
});
type Asked = NonNullable<ConsumerProps<typeof ReviewPublished, never>['where']>['reviews.ReviewPublished'];

const REVIEWS = [
  { id: 'at-5', stars: 5, author: { country: 'AT' }, verified: true },
  { id: 'de-4', stars: 4, author: { country: 'DE' }, verified: false },
  { id: 'de-2', stars: 2, author: { country: 'DE' }, verified: true },
  { id: 'fr-1', stars: 1, author: { country: 'fr' }, verified: true },
] as const;

const envelope = { specversion: '1.0', source: '/reviews' } as const;
const EVENTS: readonly Envelope[] = [
  // The first two were published by somebody who only knows the first version.
  ...REVIEWS.map(({ id, ...review }, index) => ({
    ...envelope,
    id,
    type: `reviews.ReviewPublished.v${index < 2 ? 1 : 2}`,
    data: review,
  })),
  {
    ...envelope,
    id: 'titled',
    type: 'reviews.ReviewPublished.v2',
    data: { stars: 0, author: { country: 'XX' }, verified: false, title: 'Bad' },
  },
  { ...envelope, id: 'linked', type: 'reviews.ReviewPublished.v2', dataref: 'https://example.com/reviews/1' },
  { ...envelope, id: 'archived', type: 'reviews.ReviewArchived.v1', data: { reason: 'spam', stars: 5 } },
  {
    ...envelope,
    id: 'unknown',
    type: 'reviews.ReviewPublished.v3',
    data: { stars: 5, author: { country: 'AT' }, verified: true },
  },
];

interface Circumstances {
  readonly listensTo?: readonly (typeof ReviewPublished | typeof ReviewArchived)[];
  readonly events?: readonly Envelope[];
}

const REGION = 'eu-west-1';
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

describe('a consumer that asks for data, on the embedded engine', () => {
  let engine: MessagingEngine;
  let sns: SNSClient;
  let sqs: SQSClient;
  let publisher: TopicPublisher;
  let topicArn: string;
  let queues = 0;

  beforeAll(async () => {
    engine = await createMessagingEngine(REGION, undefined);
    const endpoint = await engine.app.listen({ port: 0, host: '127.0.0.1' });
    sns = new SNSClient({ endpoint, region: REGION, credentials: CREDENTIALS });
    sqs = new SQSClient({ endpoint, region: REGION, credentials: CREDENTIALS });
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'events' }));
    topicArn = TopicArn;
    publisher = createTopicPublisher({ sns, topicArn });
  });

  afterAll(() => engine.app.close());

  /** The ids of the events that reach a consumer with these conditions, when all are published. */
  async function arriving(
    where: Asked,
    { listensTo = [ReviewPublished], events = EVENTS }: Circumstances = {},
  ): Promise<readonly string[]> {
    const name = `consumer-${++queues}`;
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const definition = defineConsumer({
      name,
      description: 'Tests.',
      listensTo,
      where: { 'reviews.ReviewPublished': where },
    });
    const { filterPolicy, filterPolicyScope } = subscriptionFilter(definition);
    await sns.send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: 'sqs',
        Endpoint: topicArn.replace(':sns:', ':sqs:').replace('events', name),
        Attributes: {
          RawMessageDelivery: 'true',
          FilterPolicyScope: filterPolicyScope,
          FilterPolicy: JSON.stringify(filterPolicy),
        },
      }),
    );
    await publisher.publish(events);
    return (await receiveIds(QueueUrl)).toSorted();
  }

  async function receiveIds(QueueUrl: string | undefined): Promise<string[]> {
    const ids: string[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      if (Messages.length === 0) return ids;
      for (const { Body = '', ReceiptHandle } of Messages) {
        ids.push(JSON.parse(Body).id);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  }

  const all = ['at-5', 'de-2', 'de-4', 'fr-1', 'linked', 'titled'];

  it.each<[string, Asked, readonly string[]]>([
    ['greater than', { stars: greaterThan(4) }, ['at-5']],
    ['at least', { stars: atLeast(4) }, ['at-5', 'de-4']],
    ['less than', { stars: lessThan(2) }, ['fr-1', 'titled']],
    ['at most', { stars: atMost(2) }, ['de-2', 'fr-1', 'titled']],
    ['between', { stars: between(2, 4) }, ['de-2', 'de-4']],
    ['one of', { 'author.country': oneOf('AT', 'fr') }, ['at-5', 'fr-1']],
    ['none of', { 'author.country': noneOf('DE', 'XX') }, ['at-5', 'fr-1']],
    ['a beginning', { 'author.country': startsWith('D', 'A') }, ['at-5', 'de-2', 'de-4']],
    ['an end', { 'author.country': endsWith('E') }, ['de-2', 'de-4']],
    ['in capitals or not', { 'author.country': ignoringCase('FR') }, ['fr-1']],
    ['true', { verified: oneOf(true) }, ['at-5', 'de-2', 'fr-1']],
    ['two things, both of which have to hold', { stars: atLeast(4), verified: oneOf(true) }, ['at-5']],
    ['there', { title: present() }, ['titled']],
    ['not there', { title: absent() }, ['at-5', 'de-2', 'de-4', 'fr-1']],
  ])('gets what is %s, of every version it knows, and what SNS cannot look into', async (_, where, ids) => {
    expect(await arriving(where)).toEqual([...ids, 'linked'].toSorted());
  });

  it('is asked of the data when an event has both its data and a link to it', async () => {
    const events = EVENTS.map((event) => ({ ...event, dataref: 'https://example.com/data' }));
    expect(await arriving({ stars: greaterThan(4) }, { events })).toEqual(['at-5', 'linked']);
  });

  it('gets all when it asks for nothing', async () => {
    expect(await arriving({})).toEqual(all);
  });

  it('gets everything of another event that it asks nothing of', async () => {
    expect(await arriving({ stars: atLeast(5) }, { listensTo: [ReviewPublished, ReviewArchived] })).toEqual([
      'archived',
      'at-5',
      'linked',
    ]);
  });
});
