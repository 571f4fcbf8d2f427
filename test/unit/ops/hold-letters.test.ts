import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ChangeMessageVisibilityBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { holdLetters } from '../../../lib/ops/dead-letters/hold-letters.ts';
import type { DeployedConsumer } from '../../../lib/ops/deployment.ts';

const consumer: DeployedConsumer = {
  name: 'email',
  stackName: 'Fanfare-dev-Email',
  queueUrl: 'https://sqs/queue',
  deadLetterQueueUrl: 'https://sqs/dead',
  undeliveredQueueUrl: 'https://sqs/undelivered',
  subscriptionArn: 'arn:aws:sns:eu-west-1:123456789012:topic:1',
  idempotencyTable: 'table',
  functionName: 'function',
};

it('goes on past letters that come back because the caller takes its time, and shows them by their last handle', async () => {
  const sqs = mockClient(SQSClient);
  const receive = (...names: readonly string[]) => ({
    Messages: names.map((name) => ({ MessageId: name[0], ReceiptHandle: name, Body: 'no event' })),
  });
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce(receive('a1'))
    .resolvesOnce(receive('a2'))
    .resolvesOnce(receive('b1'))
    .resolves({});
  const seen: (string | undefined)[] = [];
  const clients = { sqs: new SQSClient({}), dynamodb: new DynamoDBClient({}) };
  for await (const letters of holdLetters(clients, consumer))
    seen.push(...letters.map(({ letter }) => letter.messageId));
  expect(seen).toEqual(['a', 'b']);
  const [shown] = sqs.commandCalls(ChangeMessageVisibilityBatchCommand);
  expect(shown?.args[0].input.Entries?.map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(['a2', 'b1']);
});

it('ends when nothing but letters that it has seen comes back', async () => {
  const sqs = mockClient(SQSClient);
  sqs.on(ReceiveMessageCommand).resolves({ Messages: [{ MessageId: 'a', ReceiptHandle: 'a', Body: '' }] });
  const seen: unknown[] = [];
  const clients = { sqs: new SQSClient({}), dynamodb: new DynamoDBClient({}) };
  for await (const letters of holdLetters(clients, consumer)) seen.push(...letters);
  expect(seen).toHaveLength(1);
});
