import { expect, it } from 'vitest';
import { largeDataKey, withoutLargeData } from '../../../lib/contracts/envelope/large-data.ts';
import { withLargeData } from '../../../lib/ops/erase/large-data.ts';
import type { ObjectStore } from '../../../lib/ops/erase/object-store.ts';
import { eventOf } from '../../apps/archive/archive-objects.ts';

const sha256 = 'a'.repeat(64);
const claim = { bucket: 'bucket', key: largeDataKey(eventOf(), sha256), bytes: 10, sha256 };
const event = withoutLargeData(eventOf(), claim, 'digest');

/** The data of the event, when the bucket has this text. */
async function dataOf(text: string): Promise<unknown> {
  const store: ObjectStore = {
    read: async () => ({ content: Buffer.from(text) }),
    exists: async () => true,
    replace: async () => 'written',
    delete: async () => undefined,
  };
  return (await withLargeData({ buckets: new Map([[claim.bucket, store]]) }, event)).data;
}

it.each([
  ['half an emoji', '{"customerId":"ada","note":"\\ud83c"}'],
  ['a key __proto__', '{"customerId":"ada","__proto__":1}'],
  ['a key that is there twice', '{"customerId":"eve","customerId":"ada"}'],
  ['a number that JavaScript rounds', '{"customerId":"ada","n":9007199254740993}'],
])('an event is judged with its large data when that has %s', async (_, text) => {
  expect(await dataOf(text)).toMatchObject({ customerId: 'ada' });
});

it('an event is judged without its large data when that is no JSON', async () => {
  expect(await dataOf('{"customerId":"ada"')).toBeUndefined();
});
