import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, PutItemCommand, paginateQuery } from '@aws-sdk/client-dynamodb';
import { MessageRejected, SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { defineConsumer, type EventOf } from 'fanfare/contracts';
import { type HandlerContext, PermanentError } from 'fanfare/runtime';
import { type TestConsumerOptions, testConsumer } from 'fanfare/testing';
import { expect, it } from 'vitest';
import { ReviewPublished } from './reviews/events.ts';

const consumer = defineConsumer({
  name: 'archive',
  description: 'Keeps reviews.',
  listensTo: [ReviewPublished],
  tables: { reviews: { partitionKey: 'movieId', sortKey: 'reviewId' } },
});
const db = new DynamoDBClient({ cacheMiddleware: true });
const documents = DynamoDBDocumentClient.from(new DynamoDBClient());
const ses = new SESv2Client();
const event = {
  type: 'movies.ReviewPublished' as const,
  id: 'e1',
  data: { reviewId: 'r1', movieId: 'alien', stars: 5, author: 'ada' },
};

type Handler = (
  event: EventOf<typeof ReviewPublished>,
  ctx: HandlerContext<typeof consumer>,
) => Promise<void>;

const withHandler = (handler: Handler, options?: TestConsumerOptions<typeof consumer>) =>
  testConsumer(consumer, { 'movies.ReviewPublished': handler }, options);

it('a client of the SDK reaches the tables of the test, by whatever it is called', async () => {
  const { outcome, effects, error } = await withHandler(async ({ data }, ctx) => {
    const TableName = ctx.tables.reviews;
    const { movieId, reviewId } = data;
    await db.send(
      new PutItemCommand({ TableName, Item: { movieId: { S: movieId }, reviewId: { S: 'r0' } } }),
    );
    await documents.send(new PutCommand({ TableName, Item: { ...data, tags: new Set(['horror']) } }));
    const query = {
      TableName,
      KeyConditionExpression: 'movieId = :movieId AND begins_with(reviewId, :r)',
    };
    const found = await documents.send(
      new QueryCommand({ ...query, ExpressionAttributeValues: { ':movieId': movieId, ':r': 'r' } }),
    );
    expect(found.Items).toEqual([
      { movieId, reviewId: 'r0' },
      { ...data, tags: new Set(['horror']) },
    ]);
    const { Item } = await documents.send(new GetCommand({ TableName, Key: { movieId, reviewId } }));
    expect(Item).toMatchObject({ stars: 5 });
    const ids: (string | undefined)[] = [];
    const values = { ':movieId': { S: movieId }, ':r': { S: 'r' } };
    const pages = paginateQuery(
      { client: db, pageSize: 1 },
      { ...query, ScanIndexForward: false, ExpressionAttributeValues: values },
    );
    for await (const { Items = [] } of pages) ids.push(...Items.map((one) => one.reviewId?.S));
    expect(ids).toEqual(['r1', 'r0']);
  }).receive(event);
  expect(error).toBeUndefined();
  expect(outcome).toBe('completed');
  expect(effects).toMatchObject([
    { kind: 'created', via: 'client', item: { reviewId: 'r0' } },
    { kind: 'created', via: 'client', item: { reviewId: 'r1', tags: new Set(['horror']) } },
  ]);
});

it('calls of other services are told, and answered as the test says', async () => {
  const mail = async ({ data }: EventOf<typeof ReviewPublished>): Promise<void> => {
    const Destination = { ToAddresses: [`${data.author}@example.com`] };
    try {
      await ses.send(new SendEmailCommand({ Destination, Content: {} }));
    } catch (cause) {
      throw new PermanentError('no mail', { cause });
    }
  };
  expect(await withHandler(mail).receive(event)).toMatchObject({
    outcome: 'completed',
    calls: [
      {
        service: 'SESv2',
        operation: 'SendEmail',
        input: { Destination: { ToAddresses: ['ada@example.com'] } },
      },
    ],
  });
  const refusing = withHandler(mail, {
    answers: {
      'SESv2.SendEmail': () => {
        throw new MessageRejected({ message: 'never', $metadata: {} });
      },
    },
  });
  const refused = await refusing.receive(event);
  expect(refused.outcome).toBe('deadLettered');
  expect(refused.error?.cause).toBeInstanceOf(MessageRejected);
});

it('fetch gets what the test answers', async () => {
  const handler: Handler = async ({ data }, ctx) => {
    const answer = await fetch(`https://films.example.com/${data.movieId}`, { signal: ctx.signal });
    ctx.logger.info(await answer.text());
  };
  const { logs, calls } = await withHandler(handler, {
    fetch: ({ url }) => new Response(`the film at ${url}`),
  }).receive(event);
  expect(logs).toMatchObject([{ message: 'the film at https://films.example.com/alien' }]);
  expect(calls).toMatchObject([{ service: 'fetch', operation: 'GET' }]);
});

it('time is that of the test, and a handler that waits for minutes takes no time', async () => {
  const begun = performance.now();
  const times: string[] = [];
  const archive = withHandler(
    async () => {
      times.push(new Date().toISOString());
      await sleep(5_000);
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      times.push(new Date(Date.now()).toISOString());
      expect(new Date('2020-01-01')).toBeInstanceOf(Date);
    },
    { startAt: new Date('2026-03-01T00:00:00Z') },
  );
  await archive.clock.advance(3600);
  await archive.receive(event);
  expect(times[0]).toMatch(/^2026-03-01T01:00:00/);
  expect(times[1]).toMatch(/^2026-03-01T01:00:10/);
  expect(archive.clock.now().toISOString()).toMatch(/^2026-03-01T01:00:10/);
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(new Date().getFullYear()).toBe(new Date(performance.timeOrigin).getFullYear());
});

it('a handler that waits for something real is waited for', async () => {
  const handler: Handler = async (_, ctx) => {
    for (let times = 0; times < 5; times++) ctx.logger.info(String((await readFile('package.json')).length));
  };
  const { outcome, logs } = await withHandler(handler).receive(event);
  expect(outcome).toBe('completed');
  expect(logs).toHaveLength(5);
});

it('a handler that never ends is out of time', async () => {
  const received = await withHandler(() => new Promise(() => undefined)).receive(event);
  expect(received).toMatchObject({ outcome: 'retried', error: { name: 'DeadlineExceededError' } });
});

it('chance is the same in every run', async () => {
  const draw = async (): Promise<unknown[]> => {
    const drawn: unknown[] = [];
    await withHandler(async () => {
      drawn.push(Math.random(), randomUUID(), randomBytes(4).toString('hex'), randomInt(10, 20));
      drawn.push(crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(4))]);
    }).receive(event);
    return drawn;
  };
  const first = await draw();
  expect(first).toHaveLength(6);
  expect(await draw()).toEqual(first);
  expect(randomUUID()).not.toBe(randomUUID());
  expect(crypto.getRandomValues(new Uint8Array(16))).not.toEqual(crypto.getRandomValues(new Uint8Array(16)));
});

it('everything outside of handlers is as it always was', async () => {
  const before = [globalThis.Date, globalThis.fetch, globalThis.setTimeout, Math.random];
  await withHandler(async () => undefined).receive(event);
  expect([globalThis.Date, globalThis.fetch, globalThis.setTimeout, Math.random]).toEqual(before);
});
