import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { deadLettersOf, eventually, itemsOf, post, recordOf, redrive } from '../apps/client.ts';
import { claimer, committer, neighbour } from '../apps/faults/consumer.ts';
import { synthesizeApp } from '../apps/synthesize-app.ts';

const FAULTS = [
  'none',
  'throw-once',
  'exit-once',
  'spin-once',
  'hang-once',
  'throw',
  'give-up',
  'exit',
  'reject',
] as const;
const CURABLE = FAULTS.slice(0, 5);
const KILLING = ['exit', 'reject'] as const;
const COPIES = 2;
/** One of each that ends its process is enough: every crash costs its batch a visibility timeout. */
const copiesOf = (fault: string): number => (KILLING.some((one) => one === fault) ? 1 : COPIES);

let local: LocalStack;
const assemblyDirectory = synthesizeApp({
  base: import.meta.url,
  publishEntry: '../apps/faults/publish.ts',
  consumers: [
    { definition: claimer, entry: '../apps/faults/claimer.ts' },
    { definition: committer, entry: '../apps/faults/committer.ts' },
    { definition: neighbour, entry: '../apps/faults/neighbour.ts' },
  ],
});

/** How often each event took effect with a consumer, by event id. */
async function effectsOf(stack: string): Promise<Map<string, number>> {
  const items = await itemsOf(local, stack, 'EffectsTable');
  return new Map(items.map(({ id, effects }) => [id?.S ?? '', Number(effects?.N)]));
}

beforeAll(async () => {
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  // Posted together, so that the failing and the healthy are mixed in the same batches.
  const events = FAULTS.flatMap((fault) =>
    Array.from({ length: copiesOf(fault) }, (_, copy) => ({ id: `${fault}-${copy}`, data: { fault } })),
  );
  const answers = await Promise.all(
    events.map((event) => post(local, { type: 'test.FaultRequested.v1', ...event })),
  );
  expect(answers.map(({ status }) => status)).toEqual(events.map(() => 202));
  // A crash costs a message its visibility timeout of six seconds, and those that share its batch as well.
  await eventually('nothing is on its way any more', () => local.isQuiet(), 180_000);
}, 200_000);

afterAll(async () => {
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

describe.each(['Claimer', 'Committer'])('a %s whose handlers throw, exit, spin and hang', (stack) => {
  it('has every curable event take effect exactly once, though others end the process that they share: none dies with them', async () => {
    const effects = await effectsOf(stack);
    const dead = new Set((await deadLettersOf(local, stack)).map(({ Body = '{}' }) => JSON.parse(Body).id));
    for (const fault of CURABLE) {
      for (let copy = 0; copy < COPIES; copy++) {
        const id = `${fault}-${copy}`;
        expect([id, effects.get(id), dead.has(id)]).toEqual([id, 1, false]);
      }
    }
  });

  it('gives up an event that ends its process each time, and says so', async () => {
    const effects = await effectsOf(stack);
    for (const fault of KILLING) {
      expect(effects.get(`${fault}-0`)).toBeUndefined();
      expect(await recordOf(local, stack, `${fault}-0`)).toMatchObject({
        status: { S: 'FAILED' },
        error: { M: { name: { S: 'ProcessDiedError' } } },
      });
    }
  });

  it('has no effect of what always fails, and keeps the reason where its retries ran out', async () => {
    const effects = await effectsOf(stack);
    for (let copy = 0; copy < COPIES; copy++) {
      expect(effects.get(`throw-${copy}`)).toBeUndefined();
      expect(await recordOf(local, stack, `throw-${copy}`)).toMatchObject({
        status: { S: 'FAILED' },
        error: { M: { name: { S: 'Error' }, message: { S: 'it always fails' } } },
      });
    }
  });

  it('gives up at once what can never succeed, with the reason in the message', async () => {
    await eventually('a dead letter that was given up at once', async () => {
      const letters = await deadLettersOf(local, stack);
      return letters.some(
        ({ MessageAttributes = {} }) =>
          MessageAttributes.errorName?.StringValue === 'PermanentError' &&
          MessageAttributes.errorMessage?.StringValue === 'it can never succeed',
      );
    });
  });

  it('raises the alarm of its dead-letter queue', async () => {
    await eventually('the alarm is up', () =>
      local.alarms.alarms.some(
        ({ name, state }) => name.includes(stack) && name.includes('DeadLetters') && state === 'ALARM',
      ),
    );
  });
});

it('does not disturb the neighbour: every event took effect there, and none died', async () => {
  const effects = await effectsOf('Neighbour');
  expect([...effects.values()]).toEqual(
    FAULTS.flatMap((fault) => Array.from({ length: copiesOf(fault) }, () => 1)),
  );
  expect(await deadLettersOf(local, 'Neighbour')).toEqual([]);
});

it('takes up a redriven event under its old identity, though its message is a new one', async () => {
  // The looks of the tests before have hidden them for a second.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  const first = (await recordOf(local, 'Claimer', 'throw-0'))?.startedAt?.N;
  expect(await redrive(local, 'Claimer')).toBeGreaterThanOrEqual(2 * COPIES);
  await eventually('the redriven are through', () => local.isQuiet(), 150_000);
  const record = await recordOf(local, 'Claimer', 'throw-0');
  expect(Number(record?.startedAt?.N)).toBeGreaterThan(Number(first));
  expect(record).toMatchObject({ attempts: { N: String(claimer.retry.maxAttempts) } });
}, 180_000);
