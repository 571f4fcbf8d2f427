import {
  CreateTopicCommand,
  PublishBatchCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SubscriptionFilter } from '../../lib/constructs/consumer/filter-policy.ts';
import { createMessagingEngine, type MessagingEngine } from '../../lib/local/engines/fauxqs.ts';
import { filterCases } from '../unit/contracts/filters/same-meaning.ts';

/** Random filters are the same in every run: which ones is the seed. */
const SEED = 1;
const FILTERS = 100;

let engine: MessagingEngine;
let sns: SNSClient;
let sqs: SQSClient;
let topicArn: string;
let queues = 0;

beforeAll(async () => {
  engine = await createMessagingEngine('eu-west-1', undefined);
  const endpoint = await engine.app.listen({ port: 0, host: '127.0.0.1' });
  const client = {
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  sns = new SNSClient(client);
  sqs = new SQSClient(client);
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'events' }));
  topicArn = TopicArn;
});

afterAll(() => engine.app.close());

/** The positions of the events that a queue with this filter gets, when all are published. */
async function arriving(filter: SubscriptionFilter, events: readonly object[]): Promise<readonly number[]> {
  const name = `queue-${++queues}`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: topicArn.replace(':sns:', ':sqs:').replace('events', name),
      Attributes: {
        RawMessageDelivery: 'true',
        FilterPolicyScope: filter.filterPolicyScope,
        FilterPolicy: JSON.stringify(filter.filterPolicy),
      },
    }),
  );
  const entries = events.map((event, index) => ({
    Id: `${index}`,
    Message: JSON.stringify({ ...event, position: index }),
    MessageAttributes: {
      type: { DataType: 'String', StringValue: 'type' in event ? String(event.type) : '' },
    },
  }));
  await sns.send(new PublishBatchCommand({ TopicArn: topicArn, PublishBatchRequestEntries: entries }));
  await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body = '{}' }) => Number(JSON.parse(Body).position)).toSorted((a, b) => a - b);
}

it(`delivers what the handler wants, and nothing else, with ${FILTERS} random filters`, async () => {
  const seen = { compared: 0, wanted: 0 };
  for (const { findings, warnings, filter, samples, text } of fc.sample(filterCases, {
    seed: SEED,
    numRuns: FILTERS,
  })) {
    if (findings.length > 0 || warnings.length > 0 || samples.length === 0) continue;
    const wanted = samples.flatMap((sample, index) => (sample.wanted ? [index] : []));
    seen.compared += samples.length;
    seen.wanted += wanted.length;
    expect(
      await arriving(
        filter,
        samples.map(({ event }) => event),
      ),
      text,
    ).toEqual(wanted);
  }
  expect(seen.compared).toBeGreaterThan(FILTERS);
  expect(seen.wanted).toBeGreaterThan(FILTERS / 4);
});

/** What fauxqs by itself decides otherwise than AWS documents; see lib/local/README.md. */
it.each<[string, object, readonly unknown[], readonly unknown[]]>([
  ['a number, not for its text', { numeric: ['=', 6] }, [6], ['6']],
  ['a comparison of a number, not of its text', { numeric: ['>', 5] }, [6], ['6', true]],
  ['numbers up to 10^9', { numeric: ['>', 5] }, [1_000_000_000], [1_000_000_001, 1e12]],
  ['none of some, which null is', { 'anything-but': ['a'] }, [null, 'b'], ['a']],
  ['any element of a list', { prefix: 'a' }, [['b', 'ab']], [['b'], []]],
  ['what is there, which null and nothing are not', { exists: true }, ['a', 0], [null, '']],
  ['what is not there', { exists: false }, [undefined, []], ['a', null]],
])('is asked for %s', async (_, asked, passing, stopped) => {
  const filter = { filterPolicyScope: 'MessageBody', filterPolicy: { data: { a: [asked] } } };
  const events = [...passing, ...stopped].map((a) => ({ data: { a } }));
  // As a template would have it: not all of these can be said with the conditions of `where`.
  expect(await arriving(filter as SubscriptionFilter, events)).toEqual(passing.map((_, index) => index));
});

it('is asked for true, null and texts as what they are', async () => {
  const filter = (a: string | boolean | null): SubscriptionFilter => ({
    filterPolicyScope: 'MessageBody',
    filterPolicy: { data: { a: [a] } },
  });
  const events = [true, 'true', null, 'null', undefined].map((a) => ({ data: { a } }));
  expect(await arriving(filter(true), events)).toEqual([0]);
  expect(await arriving(filter('true'), events)).toEqual([1]);
  expect(await arriving(filter(null), events)).toEqual([2]);
  expect(await arriving(filter('null'), events)).toEqual([3]);
});
