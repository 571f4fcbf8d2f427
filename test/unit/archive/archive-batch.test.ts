import { gunzipSync } from 'node:zlib';
import type { SQSRecord } from 'aws-lambda';
import { expect, it } from 'vitest';
import type { ArchivedEvent } from '../../../lib/archive/archived-event.ts';
import { HOUR_MS, readObjectKey } from '../../../lib/archive/object-key.ts';
import { archiveBatch } from '../../../lib/archive/write/archive-batch.ts';
import type { ArchiveLog } from '../../../lib/archive/write/archive-log.ts';
import type { BuryUnreadable } from '../../../lib/archive/write/bury-unreadable.ts';
import { createNames } from '../../../lib/archive/write/create-archive-handler.ts';
import { sha256 } from '../../../lib/aws/signature.ts';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { largeDataKey, withoutLargeData } from '../../../lib/contracts/envelope/large-data.ts';
import { type DataBucket, ObjectTooLargeError } from '../../../lib/publishing/large-data/data-bucket.ts';
import { recordOf } from '../publish/record-of.ts';

/** Whole hours after this are other hours. */
const NOON = Date.parse('2026-11-27T12:00:00Z');
const GOES_ON = new AbortController().signal;

interface Faults {
  /** What S3 says to the nth object that is written, from 1. */
  put?(nth: number): Error | undefined;
  /** What is at a key of large data. */
  get?(key: string): string | Error | undefined;
  /** What the dead-letter queue says to a message. */
  bury?(record: SQSRecord): Error | undefined;
}

/** A bucket that keeps what is written, and a log that keeps what is said. */
function createArchive({
  put = () => undefined,
  get = () => undefined,
  bury = () => undefined,
}: Faults = {}) {
  const objects = new Map<string, readonly ArchivedEvent[]>();
  const said: string[] = [];
  const classes = new Set<unknown>();
  const state = { reading: 0, mostReading: 0, puts: 0 };
  const bucket: DataBucket = {
    name: 'data',
    put: async (key, content, options) => {
      state.puts++;
      const error = put(state.puts);
      if (error) throw error;
      classes.add(options?.storageClass);
      const lines = gunzipSync(content).toString().trimEnd().split('\n');
      objects.set(
        key,
        lines.map((line) => JSON.parse(line)),
      );
    },
    get: async (key, { signal }) => {
      signal?.throwIfAborted();
      state.reading++;
      state.mostReading = Math.max(state.mostReading, state.reading);
      await new Promise(setImmediate);
      state.reading--;
      const found = get(key);
      if (found instanceof Error) throw found;
      return found;
    },
  };
  const say =
    (what: string) =>
    (...about: unknown[]): void => {
      said.push(`${what} ${about.map((one) => (typeof one === 'object' ? String(one) : one)).join(' ')}`);
    };
  const log: ArchiveLog = {
    written: () => undefined,
    notWritten: say('not written'),
    notRead: say('not read'),
    gone: say('gone'),
    unreadable: say('unreadable'),
    notBuried: say('not buried'),
  };
  const buried: string[] = [];
  const buryAll: BuryUnreadable = async (unreadable) => {
    const refused = new Map<string, Error>();
    for (const { record } of unreadable) {
      const error = bury(record);
      if (error) refused.set(record.messageId, error);
      else buried.push(record.messageId);
    }
    return refused;
  };
  const nextName = createNames({ now: () => NOON });
  const archive = async (records: readonly SQSRecord[], all = GOES_ON, reading = all) => {
    const { batchItemFailures } = await archiveBatch({ bucket, log, nextName, bury: buryAll }, records, {
      all,
      reading,
    });
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  return { archive, objects, said, classes, state, buried };
}

const eventOf = (id: string, attributes: object = {}): Envelope => ({
  specversion: '1.0',
  id,
  source: '/test',
  type: 'shop.OrderPlaced.v1',
  data: { id },
  ...attributes,
});

/** A message; its id is that of the event. */
function messageOf(event: Envelope | string, attributes: Partial<SQSRecord['attributes']> = {}): SQSRecord {
  const record = recordOf(typeof event === 'string' ? event : JSON.stringify(event));
  const messageId = typeof event === 'string' ? event : event.id;
  return {
    ...record,
    messageId,
    attributes: { ...record.attributes, SentTimestamp: String(NOON), ...attributes },
  };
}

/** An event whose data is in the bucket, and the key where it is. */
function largeEvent(id: string, text: string, bytes = Buffer.byteLength(text)) {
  const key = largeDataKey(eventOf(id), sha256(text));
  const stored = { bucket: 'data', key, bytes, sha256: sha256(text) };
  return { key, event: withoutLargeData(eventOf(id), stored, undefined) };
}

const idsOf = (objects: ReadonlyMap<string, readonly ArchivedEvent[]>): string[][] =>
  [...objects.values()].map((lines) => lines.map(({ id }) => id));

it('writes one object for each hour of arrival, the earliest first', async () => {
  const { archive, objects } = createArchive();
  const at = (id: string, moment: number) => messageOf(eventOf(id), { SentTimestamp: String(moment) });
  expect(await archive([at('late', NOON), at('early', NOON - 1), at('last', NOON + HOUR_MS - 1)])).toEqual(
    [],
  );
  expect(idsOf(objects)).toEqual([['early'], ['late', 'last']]);
  expect([...objects.keys()].map((key) => readObjectKey(key)?.hour)).toEqual([NOON - HOUR_MS, NOON]);
  expect(objects.values().next().value?.[0]?.arrivedAt).toBe('2026-11-27T11:59:59.999Z');
});

it('names objects in the order in which it writes them, also within a millisecond', async () => {
  const { archive, objects } = createArchive();
  await archive([messageOf(eventOf('a'))]);
  await archive([messageOf(eventOf('b'))]);
  const keys = [...objects.keys()];
  expect(keys.toSorted()).toEqual(keys);
  expect(keys.map((key) => readObjectKey(key)?.writtenAt)).toEqual([NOON, NOON + 1]);
});

it('keeps the text of a message to the letter, and its columns beside it', async () => {
  const { archive, objects } = createArchive();
  const body = `{ "specversion":"1.0", "id":"a\\u0062", "source":"/test", "type":"t.A.v1", "partitionkey":"p",\n "data": 1.50 }`;
  await archive([messageOf(body, { SequenceNumber: '18849496460467696128', MessageGroupId: 'p' })]);
  expect([...objects.values()].flat()).toEqual([
    {
      arrivedAt: '2026-11-27T12:00:00.000Z',
      sequence: '18849496460467696128',
      id: 'ab',
      source: '/test',
      type: 't.A.v1',
      partitionkey: 'p',
      body,
    },
  ]);
});

it.each([
  ['no JSON', 'no json with secret@example.com'],
  ['JSON and no object', '"secret@example.com"'],
  ['an object and no event', '{"mail":"secret@example.com"}'],
])('gives a message to the dead-letter queue alone that is %s, and quotes nothing of it', async (_, body) => {
  const { archive, objects, said, buried } = createArchive();
  expect(
    await archive([
      messageOf(eventOf('a')),
      { ...messageOf(body), messageId: 'bad' },
      messageOf(eventOf('b')),
    ]),
  ).toEqual([]);
  expect(buried).toEqual(['bad']);
  expect(idsOf(objects)).toEqual([['a', 'b']]);
  expect(said).toEqual([expect.stringMatching(/^unreadable bad \w+Error: /)]);
  expect(said.join()).not.toContain('secret');
});

it('writes nothing when no message has an event', async () => {
  const { archive, objects } = createArchive();
  expect(await archive([messageOf('x')])).toEqual([]);
  expect(objects.size).toBe(0);
});

it('lets a message come again that the dead-letter queue does not take', async () => {
  const bury = () => new Error('SQS answers 503');
  const { archive, objects, said } = createArchive({ bury });
  expect(await archive([messageOf('bad'), messageOf(eventOf('a'))])).toEqual(['bad']);
  expect(idsOf(objects)).toEqual([['a']]);
  expect(said).toEqual(['not buried bad Error: SQS answers 503']);
});

it('archives the events beside a message about which the dead-letter queue is silent until the time is over', async () => {
  const time = new AbortController();
  const bury = (): Error => {
    time.abort();
    return new Error('no answer');
  };
  const { archive, objects } = createArchive({ bury });
  expect(await archive([messageOf('what?'), messageOf(eventOf('1'))], time.signal)).toEqual(['what?']);
  expect(objects.size).toBe(1);
});

it('acknowledges nothing that S3 has not accepted, nor anything after it', async () => {
  const { archive, objects, said, state } = createArchive({
    put: (nth) => (nth === 2 ? new Error('S3 answers 503') : undefined),
  });
  const at = (id: string, hours: number) =>
    messageOf(eventOf(id), { SentTimestamp: String(NOON + hours * HOUR_MS) });
  expect(await archive([at('a', 0), at('b', 1), at('c', 2)])).toEqual(['b', 'c']);
  expect(idsOf(objects)).toEqual([['a']]);
  expect(said).toEqual(['not written 2 Error: S3 answers 503']);
  expect(state.puts).toBe(2);
});

it('begins no object when there is no time left, and acknowledges nothing', async () => {
  const { archive, state } = createArchive();
  const signal = AbortSignal.abort(new Error('no time'));
  expect(await archive([messageOf(eventOf('a')), messageOf(eventOf('b'))], signal)).toEqual(['a', 'b']);
  expect(state.puts).toBe(0);
});

it('puts large data into the line', async () => {
  const text = '{"text":"a lot"}';
  const { key, event } = largeEvent('a', text);
  const { archive, objects, classes } = createArchive({ get: (asked) => (asked === key ? text : undefined) });
  expect(await archive([messageOf(event)])).toEqual([]);
  expect([...objects.values()].flat()).toMatchObject([
    { id: 'a', largeData: text, body: JSON.stringify(event) },
  ]);
  expect([...classes]).toEqual(['INTELLIGENT_TIERING']);
});

it.each([
  ['has expired', undefined, /has expired/],
  ['was replaced by something longer', new ObjectTooLargeError('too long'), /too long/],
  ['was replaced', '{"text":"other"}', /was replaced/],
])('archives an event without its large data when that %s, and says so', async (_, found, reason) => {
  const { archive, objects, said } = createArchive({ get: () => found });
  expect(await archive([messageOf(largeEvent('a', '{"text":"a lot"}').event)])).toEqual([]);
  expect([...objects.values()].flat()[0]).not.toHaveProperty('largeData');
  expect(said).toEqual([expect.stringMatching(/^gone a /)]);
  expect(said[0]).toMatch(reason);
});

it.each([
  ['of another bucket', { dataref: `s3://else/${largeEvent('a', 'x').key}` }],
  ['that is not of this event', { dataref: `s3://data/${largeEvent('b', 'x').key}` }],
])('follows no link %s', async (_, attributes) => {
  const { archive, objects, said } = createArchive({ get: () => expect.fail('it has followed the link') });
  expect(await archive([messageOf({ ...largeEvent('a', 'x').event, ...attributes })])).toEqual([]);
  expect(idsOf(objects)).toEqual([['a']]);
  expect(said).toEqual([expect.stringMatching(/^gone a /)]);
});

it('lets an event come again alone whose large data cannot be read now', async () => {
  const { event } = largeEvent('b', 'x');
  const { archive, objects, said } = createArchive({ get: () => new Error('S3 answers 500') });
  const group = { MessageGroupId: 'g' };
  expect(
    await archive([messageOf(eventOf('a'), group), messageOf(event, group), messageOf(eventOf('c'), group)]),
  ).toEqual(['b']);
  expect(idsOf(objects)).toEqual([['a', 'c']]);
  expect(said).toEqual(['not read b Error: S3 answers 500']);
});

it('writes the other events though the time for large data is over', async () => {
  const reading = AbortSignal.abort(new Error('no time to read'));
  const { event } = largeEvent('large', 'x'.repeat(300_000));
  const { archive, objects } = createArchive();
  expect(await archive([messageOf(event), messageOf(eventOf('a'))], GOES_ON, reading)).toEqual(['large']);
  expect(idsOf(objects)).toEqual([['a']]);
});

it('lets all later events of its group come again with it on a FIFO queue, and no other', async () => {
  const { event } = largeEvent('b', 'x');
  const { archive, objects } = createArchive({ get: () => new Error('S3 answers 500') });
  const of = (MessageGroupId: string) => ({ MessageGroupId, SequenceNumber: '1' });
  const late = { SentTimestamp: String(NOON + HOUR_MS) };
  const again = await archive([
    messageOf(eventOf('a'), of('g')),
    messageOf(event, of('g')),
    messageOf(eventOf('c'), of('g')),
    messageOf(eventOf('d'), of('h')),
    messageOf(eventOf('e'), { ...of('g'), ...late }),
  ]);
  expect(again).toEqual(['b', 'c', 'e']);
  expect(idsOf(objects)).toEqual([['a', 'd']]);
});

it('holds a bounded part of a batch in memory, whatever its large data adds up to', async () => {
  const megabytes = 4;
  const text = 'x'.repeat(megabytes * 1024 ** 2);
  const events = Array.from({ length: 20 }, (_, index) => largeEvent(`e${index}`, text).event);
  const { archive, objects } = createArchive({ get: () => text });
  expect(await archive(events.map((event) => messageOf(event)))).toEqual([]);
  expect(idsOf(objects).flat()).toEqual(events.map(({ id }) => id));
  for (const lines of objects.values()) expect(lines.length * megabytes).toBeLessThanOrEqual(16);
});

it('reads some large data at once, and not all', async () => {
  const events = Array.from({ length: 20 }, (_, index) => largeEvent(`e${index}`, 'x').event);
  const { archive, state } = createArchive({ get: () => 'x' });
  expect(await archive(events.map((event) => messageOf(event)))).toEqual([]);
  expect(state.mostReading).toBe(8);
});

it('writes no object without a line', async () => {
  const { archive, state } = createArchive({ get: () => new Error('S3 answers 500') });
  expect(await archive([messageOf(largeEvent('a', 'x').event)])).toEqual(['a']);
  expect(state.puts).toBe(0);
});
