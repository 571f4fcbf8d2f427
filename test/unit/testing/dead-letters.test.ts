import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { readDeadLetters } from '../../../lib/testing/bus/dead-letters.ts';

/** What is shown of a dead letter with this body. */
async function eventOf(Body: string): Promise<unknown> {
  const sqs = mockClient(SQSClient);
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce({ Messages: [{ Body }] })
    .resolves({});
  const [letter] = await readDeadLetters(new SQSClient(), 'http://localhost/1/dead');
  expect(letter?.body).toBe(Body);
  return letter?.event;
}

it.each([
  ['half an emoji', '{"id":"1","data":"\\ud83c"}'],
  ['a key __proto__', '{"id":"1","__proto__":1}'],
  ['a key that is there twice', '{"id":"2","id":"1"}'],
])('shows a dead letter as an event when it has %s, for which it may have been given up', async (_, body) => {
  expect(await eventOf(body)).toMatchObject({ id: '1' });
});

it('shows a dead letter that is no JSON with its body alone', async () => {
  expect(await eventOf('order 1')).toBeUndefined();
});
