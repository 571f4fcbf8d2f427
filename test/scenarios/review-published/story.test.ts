import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConsumerDefinition } from '../../../lib/contracts/define-consumer.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { eventually, itemsOf, post } from '../../apps/client.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { blue } from './blue/consumer.ts';
import { chirp } from './chirp/consumer.ts';
import { gram } from './gram/consumer.ts';
import { latestReviews } from './latest-reviews/consumer.ts';
import { pushNotifications } from './push-notifications/consumer.ts';
import { wall } from './wall/consumer.ts';

const synthesize = (consumers: readonly ConsumerDefinition[]): string =>
  synthesizeApp({
    base: import.meta.url,
    publishEntry: './publish.ts',
    consumers: consumers.map((definition) => ({ definition, entry: `./${definition.name}/handler.ts` })),
  });
const four = [latestReviews, pushNotifications, chirp, gram];
const assemblyDirectory = synthesize(four);
const withThirdNetwork = synthesize([...four, blue]);
const withWall = synthesize([...four, blue, wall]);

/** Where the reviews are kept; it is asked for their texts. */
let reviews: Server;
let asked = 0;
let origin: string;
let local: LocalStack;

beforeAll(async () => {
  reviews = createServer(({ url }, response) => {
    asked += 1;
    const reviewId = url?.split('/').at(-1);
    response.end(JSON.stringify({ reviewId, text: `The long text of ${reviewId}.` }));
  });
  await new Promise<void>((resolve) => reviews.listen(0, '127.0.0.1', resolve));
  const address = reviews.address();
  origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    environment: { REVIEWS_ORIGIN: origin },
    log: () => undefined,
  });
});

afterAll(async () => {
  await local.stop();
  reviews.closeAllConnections();
  reviews.close();
  for (const directory of [assemblyDirectory, withThirdNetwork, withWall])
    rmSync(directory, { recursive: true, force: true });
});

async function publish(type: string, event: object): Promise<void> {
  const answer = await post(local, { type: `reviews.${type}.v1`, ...event });
  expect(answer).toMatchObject({ status: 202 });
}

const review = (reviewId: string, stars: number): object => ({
  id: reviewId,
  data: { reviewId, product: 'kettle', stars, title: `${stars} stars` },
});

/** The messages that wait for a consumer, by their state. */
const waitingFor = (stack: string) => local.depthOf(local.find(stack, 'Queue').physicalId);

/** Which reviews a network has posted, and how often. */
async function postsOf(stack: string): Promise<Record<string, number>> {
  const items = await itemsOf(local, stack, 'PostsTable');
  return Object.fromEntries(items.map(({ reviewId, posts }) => [reviewId?.S ?? '', Number(posts?.N)]));
}

async function shown(reviewId: string) {
  const item = (await itemsOf(local, 'LatestReviews', 'ReviewsTable')).find(
    (one) => one.reviewId?.S === reviewId,
  );
  return Object.fromEntries(Object.entries(item ?? {}).map(([name, { S, N }]) => [name, S ?? N]));
}

it('an event that carries everything reaches the page, the notifications and two networks, which ask nobody', async () => {
  for (const time of ['once', 'again'])
    await publish('ReviewPublished', { ...review('good', 5), comment: time });
  await publish('ReviewPublished', review('bad', 1));
  await eventually('everything is through', () => local.isQuiet());
  expect(await shown('good')).toMatchObject({ title: '5 stars', changes: '1' });
  for (const stack of ['PushNotifications', 'Chirp'])
    expect(await postsOf(stack)).toEqual({ good: 1, bad: 1 });
  expect(asked).toBe(0);
});

it('a consumer that wants good reviews only gets no other', async () => {
  expect(await postsOf('Gram')).toEqual({ good: 1 });
  expect(local.consumers().find(({ functionName }) => functionName.includes('Gram'))?.received).toBe(2);
});

it('an event that carries a link only is fetched by the consumer', async () => {
  await publish('ReviewTextReleased', { dataref: `${origin}/reviews/good` });
  await eventually('the text is there', async () => (await shown('good')).text !== undefined);
  expect(await shown('good')).toMatchObject({ text: 'The long text of good.', title: '5 stars' });
  expect(asked).toBe(1);
});

it('a typo fix and an archived review are events of their own, which nobody else has to care about', async () => {
  await publish('ReviewCorrected', { data: { reviewId: 'good', title: 'Five stars' } });
  await publish('ReviewArchived', { data: { reviewId: 'bad' } });
  await eventually('everything is through', () => local.isQuiet());
  expect(await shown('good')).toMatchObject({ correctedTitle: 'Five stars' });
  expect(await shown('bad')).toMatchObject({ archived: 'yes' });
  expect(await postsOf('Chirp')).toEqual({ good: 1, bad: 1 });
});

it('a third network is added later, without a change to any other part', async () => {
  const templates = readdirSync(assemblyDirectory).filter((name) => name.endsWith('.template.json'));
  expect(templates).toHaveLength(5);
  for (const name of templates) {
    const [before, after] = [assemblyDirectory, withThirdNetwork].map((folder) =>
      readFileSync(join(folder, name), 'utf8'),
    );
    expect(after, name).toBe(before);
  }
  const made = await local.reload(withThirdNetwork);
  expect(made).toEqual([expect.stringContaining('Blue')]);
  await publish('ReviewPublished', review('later', 4));
  await eventually('everything is through', () => local.isQuiet());
  expect(await postsOf('Blue')).toEqual({ later: 1 });
  for (const stack of ['PushNotifications', 'Chirp'])
    expect(await postsOf(stack)).toMatchObject({ later: 1 });
});

it('a consumer that is added a week later reads the old reviews from the archive while new ones come, each once', async () => {
  let adding = true;
  const published = ['good', 'bad', 'later'];
  const producing = (async () => {
    for (let number = 0; adding || number < 10; number++) {
      await publish('ReviewPublished', review(`meanwhile-${number}`, 3));
      published.push(`meanwhile-${number}`);
    }
  })();
  const made = await local.reload(withWall);
  expect(made).toEqual([expect.stringContaining('Wall')]);
  adding = false;
  await producing;
  await publish('ReviewPublished', review('after', 2));
  const all = Object.fromEntries([...published, 'after'].map((reviewId) => [reviewId, 1]));
  await eventually(
    'the wall has every review',
    async () => Object.keys(await postsOf('Wall')).length === Object.keys(all).length,
    60_000,
  );
  // The replay itself goes on for a quarter of an hour, as long as a filter policy may take to be everywhere.
  await eventually('nothing waits for it', () =>
    Object.values(waitingFor('Wall')).every((count) => count === 0),
  );
  expect(await postsOf('Wall')).toEqual(all);
}, 150_000);
