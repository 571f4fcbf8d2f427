import { defineConsumer } from 'fanfare/contracts';
import { type Handlers, putItem } from 'fanfare/runtime';
import { testConsumer } from 'fanfare/testing';
import { describe, expect, it } from 'vitest';
import { MovieRated, ReviewPublished } from './reviews/events.ts';
import { ratings, ratingsHandlers } from './reviews/ratings.ts';

const review = (reviewId: string, stars = 4) => ({
  type: 'movies.ReviewPublished' as const,
  id: reviewId,
  data: { reviewId, movieId: 'alien', stars, author: 'ada' },
});

describe('an event that is handled', () => {
  it('tells its outcome, its writes as plain values, what it emitted and what it logged', async () => {
    const consumer = testConsumer(ratings, ratingsHandlers);
    const received = await consumer.receive(review('r1'));
    expect(received.outcome).toBe('completed');
    expect(received.effects).toEqual([
      { table: 'movies', kind: 'created', item: { movieId: 'alien', ratings: 1, stars: 4 }, via: 'commit' },
    ]);
    expect(received.emitted).toMatchObject([
      { type: 'movies.MovieRated.v1', data: { movieId: 'alien', stars: 4 }, causationid: 'r1' },
    ]);
    expect(received.logs).toContainEqual({ level: 'info', message: 'a rating', movieId: 'alien' });
  });

  it('may be handled by functions that were taken out of the context', async () => {
    const consumer = testConsumer(ratings, {
      'movies.ReviewPublished': async ({ data: { movieId, stars } }, { emit, commit, tables }) => {
        emit(MovieRated, { movieId, stars });
        await commit([putItem(tables.movies, { movieId })]);
      },
      'movies.ReviewWithdrawn': () => undefined,
    });
    const { outcome, effects, emitted } = await consumer.receive(review('r1'));
    expect([outcome, effects.length, emitted.length]).toEqual(['completed', 1, 1]);
  });

  it('has one effect when it comes twice', async () => {
    const consumer = testConsumer(ratings, ratingsHandlers);
    const { outcomes, effects, emitted } = await consumer.receive(review('r1'), { times: 2 });
    expect(outcomes).toEqual(['completed', 'duplicate']);
    expect(effects).toHaveLength(1);
    expect(emitted).toHaveLength(1);
  });

  it('may be delivered by a replay: a fill repeats nothing, and again has one effect in each replay', async () => {
    const consumer = testConsumer(ratings, ratingsHandlers);
    const first = await consumer.receive(review('r1'));
    const fill = { id: 'july', mode: 'fill' } as const;
    expect(await consumer.receive(review('r1'), { replay: fill })).toMatchObject({
      outcome: 'duplicate',
      effects: [],
    });
    const again = { id: 'august', mode: 'again' } as const;
    const repeated = await consumer.receive(review('r1'), { replay: again, times: 2 });
    expect(repeated.outcomes).toEqual(['completed', 'duplicate']);
    expect(repeated.effects).toHaveLength(1);
    expect(repeated.emitted[0]?.id).not.toBe(first.emitted[0]?.id);
  });

  it('is told of the replay that delivers it, and is refused when its consumer refuses that', async () => {
    const told: unknown[] = [];
    const handlers: Handlers<typeof ratings> = {
      'movies.ReviewPublished': (_, ctx) => void told.push(ctx.replay),
      'movies.ReviewWithdrawn': () => undefined,
    };
    const again = { id: 'august', mode: 'again' } as const;
    await testConsumer(ratings, handlers).receive(review('r1'), { replay: again });
    expect(told).toEqual([again]);
    const refusing = { ...ratings, replay: 'refuse' } as const;
    const { outcome, error } = await testConsumer(refusing, handlers).receive(review('r1'), {
      replay: again,
    });
    expect(outcome).toBe('deadLettered');
    expect(error?.name).toBe('ReplayRefusedError');
    expect(told).toHaveLength(1);
  });

  it('finds the items that were there before', async () => {
    const consumer = testConsumer(ratings, ratingsHandlers);
    consumer.table('movies').put({ movieId: 'alien', ratings: 1, stars: 5 });
    const { effects } = await consumer.receive(review('r1'));
    expect(effects).toMatchObject([
      { kind: 'changed', before: { ratings: 1 }, item: { ratings: 2, stars: 9 } },
    ]);
    expect(consumer.table('movies').get({ movieId: 'alien' })).toEqual({
      movieId: 'alien',
      ratings: 2,
      stars: 9,
    });
  });

  it('may have its commit rejected, as by DynamoDB', async () => {
    const consumer = testConsumer(ratings, ratingsHandlers);
    consumer.table('movies').put({ movieId: 'alien', ratings: 2 });
    const withdrawn = { type: 'movies.ReviewWithdrawn' as const, data: { reviewId: 'r1', movieId: 'alien' } };
    expect(await consumer.receive(withdrawn)).toMatchObject({ outcome: 'completed', effects: [] });
    consumer.table('movies').put({ movieId: 'alien', ratings: 1 });
    expect(await consumer.receive(withdrawn)).toMatchObject({
      outcome: 'completed',
      effects: [{ kind: 'deleted', item: { movieId: 'alien', ratings: 1 } }],
    });
    expect(consumer.table('movies').items()).toEqual([]);
  });
});

describe('an event that fails', () => {
  it('goes to the dead-letter queue after a permanent failure', async () => {
    const consumer = testConsumer(ratings, ratingsHandlers);
    const { data } = review('r1');
    const received = await consumer.receive({ ...review('r1'), data: { ...data, movieId: 'unknown' } });
    expect(received).toMatchObject({ outcome: 'deadLettered', effects: [], emitted: [] });
    expect(received.error?.message).toBe('there is no movie unknown');
    expect(consumer.deadLetters).toMatchObject([
      { errorName: 'PermanentError', errorMessage: 'there is no movie unknown' },
    ]);
  });

  it('goes there when it breaks its contract', async () => {
    const consumer = testConsumer(ratings, ratingsHandlers);
    const received = await consumer.receiveMessage('{"no":"event"}');
    expect(received.outcome).toBe('deadLettered');
    expect(received.error?.name).toBe('UnreadableEventError');
  });

  it('is tried again after its pause, and is done then', async () => {
    const consumer = testConsumer(ratings, ratingsHandlers, { startAt: new Date('2026-05-01T12:00:00Z') });
    const first = await consumer.receive(review('r1'), { fault: 'throttledTables' });
    expect(first).toMatchObject({ outcome: 'retried', effects: [], emitted: [] });
    expect(first.retryInSeconds).toBeGreaterThanOrEqual(0);
    expect(first.error?.name).toBe('ThrottlingException');
    const second = await consumer.redeliver();
    expect(second.outcome).toBe('completed');
    expect(consumer.table('movies').items()).toEqual([{ movieId: 'alien', ratings: 1, stars: 4 }]);
    expect(consumer.clock.now().getTime()).toBeGreaterThan(Date.parse('2026-05-01T12:00:00Z'));
  });

  it('keeps its events when SNS refuses them, and publishes them with the next delivery', async () => {
    const consumer = testConsumer(ratings, ratingsHandlers);
    const first = await consumer.receive(review('r1'), { fault: 'refusedPublish' });
    expect(first).toMatchObject({ outcome: 'retried', emitted: [], effects: [{ kind: 'created' }] });
    const second = await consumer.redeliver();
    expect(second).toMatchObject({ outcome: 'duplicate', effects: [] });
    expect(second.emitted).toHaveLength(1);
  });

  it.each([
    ['crashBeforeCall', 0],
    ['crashAfterCall', 1],
  ] as const)(
    'has its process die: %s leaves %i writes, and the next delivery ends it',
    async (fault, writes) => {
      const consumer = testConsumer(ratings, ratingsHandlers);
      const first = await consumer.receive(review('r1'), { fault });
      expect(first.outcome).toBe('crashed');
      expect(first.effects).toHaveLength(writes);
      await consumer.redeliver();
      expect(consumer.table('movies').items()).toEqual([{ movieId: 'alien', ratings: 1, stars: 4 }]);
    },
  );

  it('is out of time when its calls take too long', async () => {
    const consumer = testConsumer(ratings, ratingsHandlers);
    const first = await consumer.receive(review('r1'), { fault: 'slowCalls' });
    expect(first.outcome).toBe('retried');
    expect(first.error?.name).toBe('DeadlineExceededError');
  });

  it('is not counted twice when the answer to its commit is lost', async () => {
    const consumer = testConsumer(ratings, ratingsHandlers);
    const received = await consumer.receive(review('r1'), { fault: 'lostAnswers' });
    expect(received.outcome).toBe('completed');
    expect(consumer.table('movies').items()).toEqual([{ movieId: 'alien', ratings: 1, stars: 4 }]);
  });

  it('is given up after its attempts', async () => {
    const consumer = testConsumer(ratings, {
      ...ratingsHandlers,
      'movies.ReviewPublished': () => {
        throw new Error('always');
      },
    });
    const outcomes = [(await consumer.receive(review('r1'))).outcome];
    while (outcomes.at(-1) === 'retried') outcomes.push((await consumer.redeliver()).outcome);
    expect(outcomes).toEqual(['retried', 'retried', 'retried', 'retried', 'deadLettered']);
  });

  it('has nothing to deliver again when nothing waits', async () => {
    await expect(testConsumer(ratings, ratingsHandlers).redeliver()).rejects.toThrow(
      'no message waits in the queue of ratings',
    );
  });
});

it('asks for no environment variable and no region', async () => {
  const kept = { ...process.env };
  for (const name of Object.keys(process.env))
    if (/^(AWS|TABLE|QUEUE|TOPIC|IDEMP)/.test(name)) delete process.env[name];
  try {
    expect(await testConsumer(ratings, ratingsHandlers).receive(review('r1'))).toMatchObject({
      outcome: 'completed',
    });
  } finally {
    Object.assign(process.env, kept);
  }
});

it('takes only events and tables that its definition names', async () => {
  const consumer = testConsumer(ratings, ratingsHandlers);
  type Event = Parameters<typeof consumer.receive>[0];
  // @ts-expect-error it does not listen to this type
  const other: Event = { type: 'movies.MovieRated', data: { reviewId: 'r1', movieId: 'alien' } };
  // @ts-expect-error the data of this type has other fields
  const wrong: Event = { type: 'movies.ReviewWithdrawn', data: { stars: 1 } };
  // @ts-expect-error it has no such table
  const table = (): unknown => consumer.table('authors');
  expect(() => consumer.receive(other)).toThrow(
    'does not listen to movies.MovieRated; it takes movies.Review',
  );
  expect(await consumer.receive(wrong)).toMatchObject({ outcome: 'deadLettered' });
  expect(table).toThrow('there is no table authors');
});

describe('a secret', () => {
  const definition = defineConsumer({
    name: 'charges',
    description: 'Charges for reviews.',
    listensTo: [ReviewPublished],
    secrets: { stripe: { secretsManager: 'stripe' } },
  });
  const handlers: Handlers<typeof definition> = {
    'movies.ReviewPublished': async (_event, ctx) => ctx.logger.info(await ctx.secret('stripe')),
  };

  it('has the value that the test gives it', async () => {
    const consumer = testConsumer(definition, handlers, { secrets: { stripe: 'sk_test' } });
    expect((await consumer.receive(review('r1'))).logs).toEqual([
      expect.objectContaining({ message: 'sk_test' }),
    ]);
  });

  it('without a value in the test ends the test with a message that says what to do', async () => {
    const consumer = testConsumer(definition, handlers);
    const { outcome, error } = await consumer.receive(review('r1'));
    expect({ outcome, message: error?.message }).toEqual({
      outcome: 'retried',
      message: expect.stringContaining("{ secrets: { stripe: '...' } }"),
    });
  });
});
