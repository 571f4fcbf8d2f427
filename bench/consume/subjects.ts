import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import { consume } from '../../lib/runtime/consume.ts';
import { handler as powertools } from '../peers/powertools.ts';

/** A Lambda handler under measurement. */
export type Subject = (event: SQSEvent, context: Context) => Promise<unknown>;

const Asked = defineEvent({
  type: 'bench.Asked',
  version: 1,
  description: 'Asked.',
  data: z.object({ fail: z.boolean() }),
});
const common = { description: 'Measured.', listensTo: [Asked] };
const claimer = defineConsumer({ ...common, name: 'claimer' });
const committer = defineConsumer({
  ...common,
  name: 'committer',
  effects: 'commit',
  tables: { effects: { partitionKey: 'id' } },
});

/** The work that all subjects do: next to nothing, so that what is around it is measured. */
function work(data: { readonly fail: boolean }): void {
  if (data.fail) throw new Error('asked to fail');
}

const client = new DynamoDBClient({});

/** The floor: no idempotency at all. */
async function nothing({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  return respond(Records, async (body) => work(body.data));
}

/** What one writes by hand: a conditional PutItem before the work and an UpdateItem after it. */
async function putAndUpdate({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  return respond(Records, async ({ id, data }) => {
    const expiresAt = { N: String(Math.floor(Date.now() / 1000) + 3600) };
    try {
      await client.send(
        new PutItemCommand({
          TableName: process.env.IDEMPOTENCY_TABLE,
          Item: { id: { S: id }, status: { S: 'INPROGRESS' }, expiresAt },
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      );
    } catch (error) {
      // A duplicate is what the condition is for.
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return;
      throw error;
    }
    work(data);
    await client.send(
      new UpdateItemCommand({
        TableName: process.env.IDEMPOTENCY_TABLE,
        Key: { id: { S: id } },
        UpdateExpression: 'SET #status = :completed',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':completed': { S: 'COMPLETED' } },
      }),
    );
  });
}

async function respond(
  records: readonly SQSRecord[],
  handle: (event: { id: string; data: { fail: boolean } }) => Promise<void>,
): Promise<SQSBatchResponse> {
  const results = await Promise.allSettled(records.map(({ body }) => handle(JSON.parse(body))));
  const failed = records.filter((_, index) => results[index]?.status === 'rejected');
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

export const SUBJECTS: Readonly<Record<string, Subject>> = {
  nothing,
  fanfare: consume(claimer, { 'bench.Asked': (event) => work(event.data) }),
  powertools,
  'put + update': putAndUpdate,
  "fanfare, effects: 'commit'": consume(committer, {
    'bench.Asked': async (event, ctx) => {
      work(event.data);
      await ctx.commit([{ Put: { TableName: ctx.tables.effects, Item: { id: { S: event.id } } } }]);
    },
  }),
};
