import { randomUUID } from 'node:crypto';
import { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { MovieRated } from './events.ts';
import { claiming, committing, oneMore, type Score, type ScoreHandler } from './score.ts';

const db = new DynamoDBClient();
const documents = DynamoDBDocumentClient.from(db);
const ses = new SESv2Client();
const sqs = new SQSClient();

/** A handler that is wrong, and what it leaves behind. */
export interface Planted {
  readonly name: string;
  readonly definition: Score;
  readonly handler: ScoreHandler;
  readonly problem: 'twice' | 'never' | 'different';
  readonly kind: string;
}

export const planted: readonly Planted[] = [
  {
    name: 'a counter outside the commit',
    definition: claiming,
    problem: 'different',
    kind: 'table movies',
    handler: async ({ data }, ctx) => {
      await db.send(new UpdateItemCommand(oneMore(ctx.tables.movies, data.movieId)));
    },
  },
  {
    name: 'a counter of the document client',
    definition: claiming,
    problem: 'different',
    kind: 'table movies',
    handler: async ({ data }, ctx) => {
      await documents.send(
        new UpdateCommand({
          TableName: ctx.tables.movies,
          Key: { movieId: data.movieId },
          UpdateExpression: 'SET ratings = if_not_exists(ratings, :none) + :one',
          ExpressionAttributeValues: { ':one': 1, ':none': 0 },
        }),
      );
    },
  },
  {
    name: 'an item under a random id',
    definition: claiming,
    problem: 'twice',
    kind: 'table log',
    handler: async ({ data }, ctx) => {
      const Item = { id: { S: randomUUID() }, reviewId: { S: data.reviewId } };
      await db.send(new PutItemCommand({ TableName: ctx.tables.log, Item }));
    },
  },
  {
    name: 'a read, a change and a write without a condition, though it commits',
    definition: committing,
    problem: 'different',
    kind: 'table movies',
    handler: async ({ data: { movieId } }, ctx) => {
      const TableName = ctx.tables.movies;
      const { Item } = await db.send(new GetItemCommand({ TableName, Key: { movieId: { S: movieId } } }));
      const ratings = { N: String(Number(Item?.ratings?.N ?? 0) + 1) };
      await ctx.commit([{ Put: { TableName, Item: { movieId: { S: movieId }, ratings } } }]);
    },
  },
  {
    name: 'an item under the time, beside the commit',
    definition: committing,
    problem: 'twice',
    kind: 'table log',
    handler: async ({ data }, ctx) => {
      const Item = {
        id: { S: `${data.movieId} ${new Date().toISOString()}` },
        stars: { N: String(data.stars) },
      };
      await db.send(new PutItemCommand({ TableName: ctx.tables.log, Item }));
      await ctx.commit([{ Update: oneMore(ctx.tables.movies, data.movieId) }]);
    },
  },
  {
    name: 'an event after a failure that is swallowed',
    definition: claiming,
    problem: 'never',
    kind: 'table log',
    handler: async ({ data }, ctx) => {
      const Item = { id: { S: data.reviewId } };
      try {
        await db.send(new PutItemCommand({ TableName: ctx.tables.log, Item }));
      } catch (error) {
        ctx.logger.warn('could not be noted', { error });
      }
      ctx.emit(MovieRated, { movieId: data.movieId, stars: data.stars });
    },
  },
  {
    name: 'an event that says what time it is, without a commit',
    definition: claiming,
    problem: 'twice',
    kind: 'event',
    handler: async ({ data }, ctx) => {
      ctx.emit(MovieRated, { movieId: data.movieId, stars: Date.now() });
    },
  },
  {
    name: 'a mail',
    definition: claiming,
    problem: 'twice',
    kind: 'SESv2.SendEmail',
    handler: async ({ data }) => {
      const Destination = { ToAddresses: [`${data.author}@example.com`] };
      await ses.send(new SendEmailCommand({ Destination, Content: {} }));
    },
  },
  {
    name: 'a POST without a key by which the other side knows it again',
    definition: claiming,
    problem: 'twice',
    kind: 'fetch.POST',
    handler: async ({ data }, { signal }) => {
      await fetch('https://charts.example.com/', { method: 'POST', body: data.movieId, signal });
    },
  },
  {
    name: 'a message to a queue of its own',
    definition: committing,
    problem: 'twice',
    kind: 'SQS.SendMessage',
    handler: async ({ data }, ctx) => {
      await sqs.send(new SendMessageCommand({ QueueUrl: 'https://sqs/charts', MessageBody: data.movieId }));
      await ctx.commit([{ Update: oneMore(ctx.tables.movies, data.movieId) }]);
    },
  },
  {
    name: 'a mark of its own, made before the effect',
    definition: claiming,
    problem: 'never',
    kind: 'table log',
    handler: async ({ id }, ctx) => {
      const mark = { TableName: ctx.tables.movies, Key: { movieId: { S: `seen ${id}` } } };
      if ((await db.send(new GetItemCommand(mark))).Item) return;
      await db.send(new PutItemCommand({ TableName: mark.TableName, Item: mark.Key }));
      await db.send(new PutItemCommand({ TableName: ctx.tables.log, Item: { id: { S: id } } }));
    },
  },
  {
    name: 'a write that nobody waits for',
    definition: claiming,
    problem: 'never',
    kind: 'table log',
    handler: async ({ data }, ctx) => {
      const Item = { id: { S: data.reviewId } };
      db.send(new PutItemCommand({ TableName: ctx.tables.log, Item })).catch(() => undefined);
    },
  },
];
