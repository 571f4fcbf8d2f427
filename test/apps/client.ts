import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import {
  ListMessageMoveTasksCommand,
  type Message,
  ReceiveMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { LocalStack } from '../../lib/local/local-stack.ts';

/** Posts an event as a client would; the attributes that matter to nobody are filled in. */
export async function post(local: LocalStack, event: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${local.apiUrl}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify({ specversion: '1.0', source: '/test', ...event }),
  });
  return { status: response.status, body: await response.json() };
}

export function itemsOf(
  local: LocalStack,
  stack: string,
  table: string,
): Promise<Record<string, AttributeValue>[]> {
  return scan(local.dynamodb, local.find(stack, table).physicalId);
}

async function scan(client: DynamoDBClient, TableName: string): Promise<Record<string, AttributeValue>[]> {
  const items: Record<string, AttributeValue>[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
    items.push(...Items);
  return items;
}

/** What a consumer's idempotency table says of an event of `/test`. */
export async function recordOf(local: LocalStack, stack: string, id: string) {
  const { Item } = await local.dynamodb.send(
    new GetItemCommand({
      TableName: local.find(stack, 'IdempotencyTable').physicalId,
      Key: { id: { S: `/test|${id}` } },
      ConsistentRead: true,
    }),
  );
  return Item;
}

/** Looks at the dead letters of a consumer; they stay hidden from the next look for a moment. */
export async function deadLettersOf(local: LocalStack, stack: string): Promise<Message[]> {
  const { Messages = [] } = await local.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: local.find(stack, 'DeadLetterQueue').physicalId,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      VisibilityTimeout: 1,
    }),
  );
  return Messages;
}

/**
 * Sends every dead letter of a consumer back to its queue, as an operator does: by SQS's own message-move task. The destination is named,
 * for SQS does not know where a letter comes from that its consumer has given up itself.
 */
export async function redrive(local: LocalStack, stack: string): Promise<number> {
  const SourceArn = local.find(stack, 'DeadLetterQueue').attributes.Arn;
  const DestinationArn = local.find(stack, 'Queue').attributes.Arn;
  await local.sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));
  let moved = 0;
  await eventually('the messages are moved', async () => {
    const { Results = [] } = await local.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
    moved = Results[0]?.ApproximateNumberOfMessagesMoved ?? 0;
    return Results[0]?.Status === 'COMPLETED';
  });
  return moved;
}

/** Waits until something is so. @throws Error naming what was waited for */
export async function eventually(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const giveUpAt = Date.now() + timeoutMs;
  while (!(await isSo())) {
    if (Date.now() > giveUpAt) throw new Error(`after ${timeoutMs} ms still not so: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
