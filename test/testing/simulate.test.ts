import { createServer } from 'node:http';
import { type SimulateOptions, SimulationError, simulate } from 'fanfare/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { planted } from './reviews/planted.ts';
import { ratings, ratingsHandlers } from './reviews/ratings.ts';
import { right } from './reviews/right.ts';
import { claiming, handlersOf, type Score, type ScoreHandler } from './reviews/score.ts';

const options: SimulateOptions<Score> = {
  fetch: () => new Response('thank you'),
  events: ['r1', 'r2', 'r3'].map((id, index) => ({
    type: 'movies.ReviewPublished',
    id,
    data: { reviewId: id, movieId: 'alien', stars: 3 + index, author: 'ada' },
  })),
};

async function failureOf(work: Promise<unknown>): Promise<SimulationError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof SimulationError) return error;
  throw new Error('the simulation has found nothing', { cause: error });
}

const [counter] = planted;
const counting: ScoreHandler = async (event, ctx) => counter?.handler(event, ctx);

describe('a handler that is wrong is caught within the hundred seeds of the default', () => {
  it.each(planted)('$name', async ({ definition, handler, problem, kind }) => {
    const failure = await failureOf(simulate(definition, handlersOf(handler), options));
    expect(failure.problems.map((one) => [one.problem, one.kind])).toContainEqual([problem, kind]);
  });
});

describe('a handler that is right passes', () => {
  it.each(right)('$name', async ({ definition, handler }) => {
    const report = await simulate(definition, handlersOf(handler), {
      ...options,
      mayRepeat: ['SESv2.SendEmail'],
    });
    expect(report).toMatchObject({ seeds: 100 });
    expect(report.crashes).toBeGreaterThan(20);
    expect(report.deliveries).toBeGreaterThan(250);
  });

  it('with events that are made of its contracts', async () => {
    const report = await simulate(ratings, ratingsHandlers, { seeds: 200 });
    expect(report).toMatchObject({ seeds: 200 });
  });
});

describe('a failure', () => {
  it('tells its seed, and what happened until then', async () => {
    const failure = await failureOf(simulate(claiming, handlersOf(counting), options));
    const lines = failure.message.split('\n');
    expect(lines[0]).toBe(`score: an effect did not happen exactly once (seed ${failure.seed})`);
    expect(lines[1]).toMatch(/different: table movies \{"movieId":"alien"\}: ratings is \d instead of \d/);
    expect(failure.message).toMatch(
      /the handler calls DynamoDB\.UpdateItem; .*(DIES|AGAIN|LOST|STILL|TAKES)/,
    );
    expect(lines.at(-1)).toBe(`to see it again: simulate(..., { seeds: [${failure.seed}] })`);
  });

  it('is told the same way again, to the last word', async () => {
    const first = await failureOf(simulate(claiming, handlersOf(counting), options));
    const again = await failureOf(
      simulate(claiming, handlersOf(counting), { ...options, seeds: [first.seed] }),
    );
    expect(again.message).toBe(first.message);
  });
});

describe('every kind of fault is enough alone to bring a counter out of step', () => {
  const SEEDS = Array.from({ length: 200 }, (_, index) => index + 1);
  let runs: readonly (readonly string[])[];

  beforeAll(async () => {
    const found: (readonly string[])[] = [];
    for (const seed of SEEDS) {
      const run = await simulate(claiming, handlersOf(counting), { ...options, seeds: [seed] }).then(
        () => undefined,
        (error: unknown) => (error instanceof SimulationError ? error.timeline : undefined),
      );
      if (run) found.push(run);
    }
    runs = found;
  });

  it.each([
    'the handler calls DynamoDB.UpdateItem; it is executed, and THE PROCESS DIES before the answer',
    'the handler calls DynamoDB.UpdateItem; it is executed, and THE ANSWER IS LOST',
    'the handler calls DynamoDB.UpdateItem; THE SDK SENDS IT AGAIN: it is executed twice',
    'the handler calls DynamoDB.UpdateItem; THE ANSWER TAKES 30 s',
    'the handler calls DynamoDB.UpdateItem; before it is sent THE PROCESS STANDS STILL for 60 s',
  ])('%s', (fault) => {
    const alone = runs.filter((run) => run.filter((line) => /[A-Z]{4}/.test(line)).length === 1);
    expect(alone.some((run) => run.some((line) => line.endsWith(fault)))).toBe(true);
  });

  it.each([
    'SQS LOSES THE DELETE',
    'is published AGAIN',
    'THE PROCESS DIES before it is sent',
    'IT IS NOT EXECUTED',
  ])('and others come with it: %s', (fault) => {
    expect(runs.some((run) => run.some((line) => line.includes(fault)))).toBe(true);
  });
});

describe('what the simulation cannot judge is an error', () => {
  it('handlers that do nothing', async () => {
    const nothing = simulate(
      claiming,
      handlersOf(async () => undefined),
      options,
    );
    await expect(nothing).rejects.toThrow('score has no effect even when nothing goes wrong; give');
    const thrown = handlersOf(async () => {
      throw new RangeError('no such movie');
    });
    await expect(simulate(claiming, thrown, options)).rejects.toThrow('its events end as RangeError');
  });

  it('a call whose answer nobody has given', async () => {
    const handler = handlersOf(async () => {
      await fetch('https://charts.example.com/');
    });
    const { events } = options;
    await expect(simulate(claiming, handler, { events })).rejects.toThrow(
      "the handler calls fetch('https://charts.example.com/'), and the test does not say what it answers; add fetch:",
    );
  });

  it('handlers that do one thing or another by chance', async () => {
    const handler = handlersOf(async (_, ctx) => {
      const writes = Array.from({ length: Math.floor(Math.random() * 90) }, (__, index) => ({
        Put: { TableName: ctx.tables.log, Item: { id: { S: String(index) } } },
      }));
      await ctx.commit(writes);
    });
    await expect(simulate(claiming, handler, options)).rejects.toThrow(
      'do other things with the same events when only the time and random values are others',
    );
  });
});

it('a connection that is not intercepted is refused, not opened', async () => {
  let connections = 0;
  const server = createServer().on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { request } = await import('node:http');
  const handler = handlersOf(
    () =>
      new Promise((resolve, reject) => {
        request({ port, host: '127.0.0.1' }, () => resolve())
          .on('error', reject)
          .end();
      }),
  );
  await expect(simulate(claiming, handler, { ...options, seeds: 1 })).rejects.toThrow('TypeError');
  expect(connections).toBe(0);
  server.close();
});
