import { randomUUID } from 'node:crypto';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { MovieRated } from './events.ts';
import { claiming, committing, oneMore, type Score, type ScoreHandler } from './score.ts';

const db = new DynamoDBClient();
const ses = new SESv2Client();

/** Handlers that are right, each for another reason. */
export const right: readonly {
  readonly name: string;
  readonly definition: Score;
  readonly handler: ScoreHandler;
}[] = [
  {
    name: 'everything in the commit, a random id and the time too',
    definition: committing,
    handler: async ({ data }, ctx) => {
      ctx.emit(MovieRated, { movieId: data.movieId, stars: Date.now() });
      const Item = { id: { S: randomUUID() }, at: { S: new Date().toISOString() } };
      await ctx.commit([
        { Update: oneMore(ctx.tables.movies, data.movieId) },
        { Put: { TableName: ctx.tables.log, Item } },
      ]);
    },
  },
  {
    name: 'a read, a change and a write on the condition that nobody came between',
    definition: committing,
    handler: async ({ data: { movieId } }, ctx) => {
      const TableName = ctx.tables.movies;
      const { Item } = await db.send(
        new GetItemCommand({ TableName, Key: { movieId: { S: movieId } }, ConsistentRead: true }),
      );
      const before = Item?.ratings ?? { N: '0' };
      const ratings = { N: String(Number(before.N) + 1) };
      await ctx.commit([
        {
          Put: {
            TableName,
            Item: { movieId: { S: movieId }, ratings },
            ConditionExpression: 'attribute_not_exists(ratings) OR ratings = :before',
            ExpressionAttributeValues: { ':before': before },
          },
        },
      ]);
    },
  },
  {
    name: 'an item under the id of the event, and a call that the other side knows again',
    definition: claiming,
    handler: async ({ id, data }, ctx) => {
      await fetch('https://charts.example.com/', {
        method: 'POST',
        headers: { 'Idempotency-Key': id },
        body: data.movieId,
      });
      const Item = { id: { S: id }, movieId: { S: data.movieId } };
      await db.send(new PutItemCommand({ TableName: ctx.tables.log, Item }));
      ctx.emit(MovieRated, { movieId: data.movieId, stars: data.stars });
    },
  },
  {
    name: 'a mail that may come twice',
    definition: claiming,
    handler: async ({ data }) => {
      const Destination = { ToAddresses: [`${data.author}@example.com`] };
      await ses.send(new SendEmailCommand({ Destination, Content: {} }));
    },
  },
];
