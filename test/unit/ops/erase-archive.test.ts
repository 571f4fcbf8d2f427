import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createSubjects } from '../../../lib/archive/erase/subjects.ts';
import { largeDataKey, withoutLargeData } from '../../../lib/contracts/envelope/large-data.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { eraseArchive } from '../../../lib/ops/erase/erase-archive.ts';
import { type Erasure, newNotes } from '../../../lib/ops/erase/erasure.ts';
import { NeedsRestoreError, type ObjectStore, type Written } from '../../../lib/ops/erase/object-store.ts';
import { archivedOf, eventOf, HOUR, objectOf, storeOf } from '../../apps/archive/archive-objects.ts';
import { LetterSent, OrderPlaced } from '../../apps/customers/index.ts';

/** Nothing answers there: no consumer is asked in these tests. */
const clients = createOpsClients({
  kind: 'local',
  awsEndpoint: 'http://127.0.0.1:9',
  dynamodbEndpoint: 'http://127.0.0.1:9',
});
const subjects = createSubjects(['ada'], [...OrderPlaced.versions, ...LetterSent.versions]);

const order = (id: string, customerId: string) =>
  eventOf({ id, type: 'shop.OrderPlaced.v2', data: { orderId: id, customerId, email: 'e' } });

/** Two objects with an event of ada each, one of them large, and one of somebody else. */
function bucketWithAda(): Map<string, Buffer> {
  const large = order('large', 'ada');
  const text = JSON.stringify(large.data);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const key = largeDataKey(large, sha256);
  const linked = withoutLargeData(large, { bucket: 'data', key, bytes: text.length, sha256 }, undefined);
  const objects = [
    objectOf([archivedOf(linked, HOUR, { largeData: text }), archivedOf(order('b1', 'bob'))], HOUR),
    objectOf([archivedOf(order('a1', 'ada'))], HOUR + 1),
    objectOf([archivedOf(order('b2', 'bob'))], HOUR + 2),
  ];
  return new Map([...objects.map(({ key: name, body }) => [name, body] as const), [key, Buffer.from(text)]]);
}

/** A bucket in memory. @param step called before and after each request; a throw there is the end of the process */
function storeIn(bucket: Map<string, Buffer>, step: () => void): ObjectStore {
  const request = async <T>(act: () => T): Promise<T> => {
    step();
    const answer = act();
    step();
    return answer;
  };
  return {
    read: (key) =>
      request(() => {
        const content = bucket.get(key);
        return content && { content };
      }),
    replace: (key, content) =>
      request((): Written => {
        bucket.set(key, Buffer.from(content));
        return 'written';
      }),
    exists: (key) => request(() => bucket.has(key)),
    delete: (key) => request(() => void bucket.delete(key)),
  };
}

const erasureOf = (store: ObjectStore, dryRun = false): Erasure => ({
  clients,
  subjects,
  dryRun,
  at: '2026-11-27T06:00:00.000Z',
  buckets: new Map([['data', store]]),
  consumers: [],
  replays: [],
  signal: new AbortController().signal,
  notes: newNotes(),
});

function run(erasure: Erasure, bucket: ReadonlyMap<string, Buffer>) {
  const archive = storeOf([...bucket].map(([key, body]) => ({ key, body })));
  const objects = erasure.buckets.get('data') ?? expect.fail('there is no bucket');
  return eraseArchive(erasure, { archive, objects, range: { from: 0, to: HOUR + 10 } });
}

/** Everything in the bucket that can be read. */
const contentsOf = (bucket: ReadonlyMap<string, Buffer>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...bucket].map(([key, body]) => [
      key,
      key.endsWith('.gz') ? gunzipSync(body).toString() : body.toString(),
    ]),
  );

it('finishes when it runs again, at whatever request it was killed', async () => {
  const whole = bucketWithAda();
  await run(erasureOf(storeIn(whole, () => undefined)), whole);
  const wanted = contentsOf(whole);
  expect(JSON.stringify(wanted)).not.toContain('ada');
  let killed = 0;
  for (let last = 0; ; last++) {
    const bucket = bucketWithAda();
    let steps = 0;
    const erasure = erasureOf(
      storeIn(bucket, () => {
        if (steps++ >= last) throw new Error('killed');
      }),
    );
    await run(erasure, bucket);
    if (erasure.notes.problems.length === 0) break;
    killed += 1;
    const again = erasureOf(storeIn(bucket, () => undefined));
    await run(again, bucket);
    expect(again.notes).toMatchObject({ left: [], problems: [] });
    expect(contentsOf(bucket)).toEqual(wanted);
  }
  expect(killed).toBeGreaterThan(10);
});

it('changes nothing in a dry run, and counts the same', async () => {
  const [dry, real] = [bucketWithAda(), bucketWithAda()];
  const before = contentsOf(dry);
  const [first, second] = [
    erasureOf(
      storeIn(dry, () => undefined),
      true,
    ),
    erasureOf(storeIn(real, () => undefined)),
  ];
  expect(await run(first, dry)).toEqual(await run(second, real));
  expect(first.notes).toEqual(second.notes);
  expect(contentsOf(dry)).toEqual(before);
});

it('reads an object again that somebody else has written meanwhile, and gives up at last', async () => {
  for (const others of [1, 9]) {
    const bucket = bucketWithAda();
    const store = storeIn(bucket, () => undefined);
    let left = others;
    const erasure = erasureOf({
      ...store,
      replace: async (...of) => (left-- > 0 ? 'changed' : store.replace(...of)),
    });
    await run(erasure, bucket);
    const isDone = others === 1;
    expect(JSON.stringify(contentsOf(bucket)).includes('"customerId')).toBe(true);
    expect(erasure.notes.left.length).toBe(isDone ? 0 : 2);
    if (!isDone) expect(erasure.notes.left[0]?.why).toContain('somebody else was writing it');
  }
});

it.each([
  ['has to be restored first', new NeedsRestoreError('restore it first'), 'left'],
  ['may not be read', new Error('AccessDenied'), 'problems'],
] as const)('names an object that %s, and erases the others', async (_what, error, where) => {
  const bucket = bucketWithAda();
  const [key = ''] = bucket.keys();
  const store = storeIn(bucket, () => undefined);
  const read: ObjectStore['read'] = async (name) => {
    if (name === key) throw error;
    return store.read(name);
  };
  const erasure = erasureOf({ ...store, read });
  expect(await run(erasure, bucket)).toMatchObject({ objects: 3, rewritten: 1 });
  expect(JSON.stringify(erasure.notes[where])).toContain(key);
});

it('says so when the bucket has kept the version before', async () => {
  const bucket = bucketWithAda();
  const store = storeIn(bucket, () => undefined);
  const erasure = erasureOf({ ...store, replace: async () => 'versioned' });
  await run(erasure, bucket);
  expect(erasure.notes.left.map(({ why }) => why)).toEqual(
    Array.from({ length: 2 }, () => 'the bucket keeps versions: delete the version before the last one'),
  );
});
