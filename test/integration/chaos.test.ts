import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { createPublisher } from '../../lib/publishing/client/create-publisher.ts';
import { PublishError } from '../../lib/publishing/client/errors.ts';
import { answers, archive, questions } from '../apps/chaos/consumers.ts';
import { Asked } from '../apps/chaos/events.ts';
import { deadLettersOf, eventually, itemsOf } from '../apps/client.ts';
import { type FlakyProxy, startFlakyProxy } from '../apps/flaky-proxy.ts';
import { synthesizeApp } from '../apps/synthesize-app.ts';

const EVENTS = 5_000;
/** Published a second time, in another order. */
const DUPLICATES = 1_000;
/** Of ten calls to an engine one is lost: every other time the request, every other time the answer. */
const ONE_IN = 10;
const CRASHES = 12;
const OUTAGE_MS = 2_000;
const CONSUMERS = [answers, questions, archive];
const STACKS = ['Answers', 'Questions', 'Archive'];

const assemblyDirectory = synthesizeApp({
  base: new URL('../apps/chaos/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: CONSUMERS.map((definition) => ({ definition, entry: `./${definition.name}.ts` })),
});
let network: FlakyProxy;
let local: LocalStack;

beforeAll(async () => {
  network = await startFlakyProxy(ONE_IN);
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: network.urlOf('dynamodb'),
      AWS_ENDPOINT_URL_SNS: network.urlOf('aws'),
      AWS_ENDPOINT_URL_SQS: network.urlOf('aws'),
    },
    log: () => undefined,
  });
  network.connect('dynamodb', local.dynamodbEndpoint);
  network.connect('aws', local.awsEndpoint);
});

afterAll(async () => {
  await local.stop();
  await network.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

/** Publishes over HTTP, a hundred to a request, until all are accepted: they have ids, and so stay the same events. */
async function publishAll(): Promise<void> {
  const publisher = createPublisher({ url: local.apiUrl, source: '/chaos' });
  const events = Array.from({ length: EVENTS }, (_, question) =>
    publisher.event(Asked, { question }, { id: `question-${question}` }),
  );
  let left = [...events, ...events.slice(-DUPLICATES).toReversed()];
  while (left.length > 0) {
    try {
      await publisher.publishAll(left);
      return;
    } catch (error) {
      // A publisher tries four times; what is still not published is sent again, as its advice says.
      if (!(error instanceof PublishError)) throw error;
      left = left.filter((_, index) => error.results[index]?.outcome.status !== 'published');
    }
  }
}

/** Kills whatever is in the middle of an invocation, and takes each engine away for a while. */
async function wreakHavoc(): Promise<void> {
  for (let crash = 0; crash < CRASHES; crash++) {
    await sleep(500);
    const name = local.find(STACKS[crash % STACKS.length] ?? '', 'Function').physicalId;
    [...local.functions.values()].find(({ configuration }) => configuration.name === name)?.crash();
    const engine = { 3: 'dynamodb', 7: 'aws' }[crash];
    if (engine === undefined) continue;
    network.takeAway(engine, true);
    await sleep(OUTAGE_MS);
    network.takeAway(engine, false);
  }
}

it('nothing is lost and nothing happens twice, whatever dies, is lost or comes again', async () => {
  await Promise.all([publishAll(), wreakHavoc()]);
  await eventually('everything is through', () => local.isQuiet(), 480_000);

  const crashed = [...local.functions.values()].map(({ counters }) => counters.errors - counters.timeouts);
  expect(crashed.reduce((sum, count) => sum + count)).toBeGreaterThan(0);
  for (const engine of ['dynamodb', 'aws']) expect(network.lost(engine), engine).toBeGreaterThan(50);
  for (const stack of STACKS) {
    const effects = (await itemsOf(local, stack, 'EffectsTable')).map((item) => Number(item.effects?.N));
    expect({ stack, questions: effects.length }).toEqual({ stack, questions: EVENTS });
    expect({ stack, twice: effects.filter((count) => count !== 1) }).toEqual({ stack, twice: [] });
    expect(await deadLettersOf(local, stack)).toEqual([]);
  }
}, 600_000);
