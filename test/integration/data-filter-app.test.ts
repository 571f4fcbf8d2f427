import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ConsumerDefinition } from '../../lib/contracts/define-consumer.ts';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { eventually, itemsOf, post } from '../apps/client.ts';
import { collectsAll, collectsPraise } from '../apps/praise/consumer.ts';
import { synthesizeApp } from '../apps/synthesize-app.ts';

const synthesize = (definition: ConsumerDefinition): string =>
  synthesizeApp({
    base: import.meta.url,
    publishEntry: '../apps/praise/publish.ts',
    consumers: [{ definition, entry: '../apps/praise/handler.ts' }],
  });
const praise = synthesize(collectsPraise);
const all = synthesize(collectsAll);

let local: LocalStack;

/** Publishes a good and a bad review, and says which of all reviews so far have arrived. */
async function review(round: string): Promise<readonly string[]> {
  for (const stars of [5, 1]) {
    const event = { id: `${round}-${stars}`, type: 'reviews.ReviewPublished.v1', data: { stars } };
    expect((await post(local, event)).status).toBe(202);
  }
  await eventually('everything is through', () => local.isQuiet());
  const items = await itemsOf(local, 'Praise', 'ReviewsTable');
  return items.map(({ id }) => id?.S ?? '').toSorted();
}

beforeAll(async () => {
  local = await startLocal({
    assemblyDirectory: praise,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
});

afterAll(async () => {
  await local.stop();
  for (const directory of [praise, all]) rmSync(directory, { recursive: true, force: true });
});

it('a consumer gets only what it asks for, published over HTTP without what has a default', async () => {
  expect(await review('a')).toEqual(['a-5']);
});

it('it may stop asking, and ask again, while everything runs', async () => {
  await local.reload(all);
  expect(await review('b')).toEqual(['a-5', 'b-1', 'b-5']);
  await local.reload(praise);
  expect(await review('c')).toEqual(['a-5', 'b-1', 'b-5', 'c-5']);
});
