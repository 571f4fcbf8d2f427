import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { simulate, testConsumer } from 'fanfare/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { refuse } from '../../lib/testing/dynamodb/errors.ts';
import { InMemoryDynamoDB } from '../../lib/testing/dynamodb/in-memory-dynamodb.ts';
import { ratings, ratingsHandlers } from './reviews/ratings.ts';
import { claiming, handlersOf, type ScoreHandler } from './reviews/score.ts';

const db = new DynamoDBClient();

const updates =
  (UpdateExpression: string): ScoreHandler =>
  async ({ data }, ctx) => {
    const Key = { movieId: { S: data.movieId } };
    await db.send(new UpdateItemCommand({ TableName: ctx.tables.movies, Key, UpdateExpression }));
  };

const goesOnForEver: ScoreHandler = async () => {
  for (;;) await sleep(0);
};

const review = {
  type: 'movies.ReviewPublished' as const,
  data: { reviewId: 'r1', movieId: 'alien', stars: 4, author: 'ada' },
};

afterEach(() => {
  vi.restoreAllMocks();
});

describe('an expression that DynamoDB in memory does not know ends the simulation with its name', () => {
  it.each([
    ['SET votes = list_prepend(votes, votes)', 'LIST_PREPEND is no function of an update'],
    ['MERGE author', "'MERGE' was not expected"],
    ['SET votes ~ stars', "cannot read ' ~ stars'"],
  ])('of a handler: %s', async (expression, problem) => {
    await expect(simulate(claiming, handlersOf(updates(expression)))).rejects.toThrow(
      `the handler of /test|event-1 sends UpdateItem, which DynamoDB in memory cannot read: ${problem}`,
    );
  });

  it('of the runtime: at once, and not with every delivery again', async () => {
    const { execute } = InMemoryDynamoDB.prototype;
    const executed = vi.spyOn(InMemoryDynamoDB.prototype, 'execute').mockImplementation(function strange(
      this: InMemoryDynamoDB,
      operation,
      input,
    ) {
      const statement = { Statement: `UPSERT INTO "${operation}"`, Parameters: [] };
      const isClaim = operation === 'BatchExecuteStatement';
      return Reflect.apply(execute, this, [operation, isClaim ? { Statements: [statement] } : input]);
    });
    await expect(simulate(claiming, handlersOf(updates('REMOVE stars')))).rejects.toThrow(
      /^the runtime sends BatchExecuteStatement, which DynamoDB in memory cannot read: .*INSERT and UPDATE/,
    );
    expect(executed).toHaveBeenCalledTimes(1);
  });
});

describe('a run that does not end is an error that says what is done again and again', () => {
  it('a claim that is refused for ever', async () => {
    vi.spyOn(InMemoryDynamoDB.prototype, 'execute').mockImplementation(() => {
      throw refuse('no such path');
    });
    const failure = await simulate(claiming, handlersOf(updates('REMOVE stars'))).catch(String);
    expect(failure).toContain('score: the run of seed 1 does not end: something is done again and again');
    expect(failure).toMatch(
      /gives event-1 \(released: the claim failed: ValidationException no such path\) back/,
    );
  });

  it('a handler that goes on for ever, in a simulation and alone', async () => {
    await expect(simulate(claiming, handlersOf(goesOnForEver))).rejects.toThrow(
      'score: the run of seed 1 does not end: something is done again and again',
    );
    await expect(testConsumer(claiming, handlersOf(goesOnForEver)).receive(review)).rejects.toThrow(
      'something is done again and again',
    );
  });

  it('a handler that waits for what never comes', async () => {
    const waits = handlersOf(() => new Promise(() => undefined));
    await expect(simulate(claiming, waits)).rejects.toThrow(
      "the handler of /test|event-1 has waited for 2 s for something that the test's time knows nothing of",
    );
  });
});

it('a simulation of many seeds leaves nothing that waits', async () => {
  expect(await simulate(ratings, ratingsHandlers, { seeds: 20 })).toMatchObject({ seeds: 20 });
});
