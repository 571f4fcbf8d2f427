import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type ConsumerDefinition, defineConsumer } from 'fanfare/contracts';
import { PermanentError } from 'fanfare/runtime';
import { simulate, testConsumer } from 'fanfare/testing';
import { vi } from 'vitest';
import { InMemoryDynamoDB } from '../../lib/testing/dynamodb/in-memory-dynamodb.ts';
import { MovieRated } from './reviews/events.ts';
import { claiming, committing, handlersOf, oneMore, type Score, type ScoreHandler } from './reviews/score.ts';

type Items = readonly Readonly<Record<string, AttributeValue>>[];

/** Tables of the consumers that are recorded, with their partition keys. */
export const TABLES = { 'idempotency-records': 'id', movies: 'movieId', log: 'id' } as const;

/** Items by table. */
export type TableItems = Readonly<Record<keyof typeof TABLES, Items>>;

/** A command of the runtime, with the items before and after it. */
export interface RecordedCommand {
  readonly operation: string;
  readonly input: object;
  readonly before: TableItems;
  /** Gives its answer again, or throws its error. */
  readonly answer: () => object;
  readonly after: TableItems;
}

const SEEDS = 40;
const RETENTION_DAYS = 29;
const review = {
  type: 'movies.ReviewPublished' as const,
  id: 'again',
  data: { reviewId: 'r1', movieId: 'alien', stars: 4, author: 'ada' },
};

/** It fails now and then, sometimes for good, so that events end in all ways. */
function moody(definition: ConsumerDefinition): ScoreHandler {
  let begun = 0;
  return async ({ data }, ctx) => {
    begun += 1;
    if (begun % 2 === 0) ctx.emit(MovieRated, { movieId: data.movieId, stars: data.stars });
    if (begun % 7 === 0) throw new PermanentError('never');
    if (begun % 3 === 0) throw new Error('not now');
    if (definition.effects === 'commit' && begun % 5 !== 0)
      await ctx.commit([{ Update: oneMore(ctx.tables.movies, data.movieId) }]);
  };
}

const emits: ScoreHandler = async ({ data: { movieId, stars } }, ctx) => {
  ctx.emit(MovieRated, { movieId, stars });
};

const commits: ScoreHandler = async ({ data }, ctx) => {
  await ctx.commit([{ Update: oneMore(ctx.tables.movies, data.movieId) }]);
};

const limited = defineConsumer({ ...claiming, rateLimit: { perSecond: 5 }, batchSize: 1 });

/** Lets the runtime meet all that can happen to it, and records the first command of each kind with each kind of answer. */
export async function recordCommands(): Promise<readonly RecordedCommand[]> {
  const recorded = new Map<string, RecordedCommand>();
  const { execute } = InMemoryDynamoDB.prototype;
  const spy = vi.spyOn(InMemoryDynamoDB.prototype, 'execute').mockImplementation(function record(
    this: InMemoryDynamoDB,
    operation,
    input,
  ) {
    const before = itemsOf(this);
    const answer = attempt(() => Reflect.apply(execute, this, [operation, input]));
    const kind = JSON.stringify([operation, expressionsOf(input), endOf(answer)]);
    if (!recorded.has(kind))
      recorded.set(kind, { operation, input: structuredClone(input), before, answer, after: itemsOf(this) });
    return answer();
  });
  for (const definition of [claiming, committing, limited]) await liveThrough(definition);
  spy.mockRestore();
  return [...recorded.values()];
}

async function liveThrough(definition: Score): Promise<void> {
  for (let seed = 1; seed <= SEEDS; seed++) {
    // Whether such a handler acts once is not the question: what the runtime sends meanwhile is.
    await simulate(definition, handlersOf(moody(definition)), { seeds: [seed] }).catch(() => undefined);
  }
  const consumer = testConsumer(definition, handlersOf(emits));
  await consumer.receive(review, { fault: 'refusedPublish' });
  await consumer.clock.advance(RETENTION_DAYS * 86_400);
  await consumer.receive(review);
  const dying = testConsumer(definition, handlersOf(commits));
  await dying.receive(review, { fault: 'crashBeforeCall' });
  for (let attempt = 2; attempt <= definition.retry.maxAttempts + 1; attempt++)
    await dying.redeliver({ fault: 'crashBeforeCall' });
}

function itemsOf(dynamodb: InMemoryDynamoDB): TableItems {
  const of = (name: keyof typeof TABLES): Items => structuredClone(dynamodb.table(name).items);
  return { 'idempotency-records': of('idempotency-records'), movies: of('movies'), log: of('log') };
}

function attempt(send: () => object): () => object {
  try {
    const value = send();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** All expressions and statements in a command. */
export function expressionsOf(input: object): readonly string[] {
  const found: string[] = [];
  JSON.stringify(input, (name, value) => {
    if (/Expression$|^Statement$/.test(name) && typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}

/** The kind of an answer: the name of its error, and the codes in it. */
function endOf(answer: () => object): unknown {
  try {
    return codesOf(answer());
  } catch (error) {
    return error instanceof Error ? [error.name, codesOf(error)] : error;
  }
}

function codesOf(answer: object): readonly string[] {
  const text = JSON.stringify({ ...answer, $metadata: undefined });
  return [...text.matchAll(/"Code":"(\w+)"/g)].map(([, code = '']) => code);
}
