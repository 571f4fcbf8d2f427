import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import type { Envelope } from '../../lib/contracts/envelope/envelope.ts';
import { COMPLETION_BYTES, MAX_REQUEST_BYTES } from '../../lib/contracts/envelope/request-limits.ts';
import { createClaimCheckPublisher } from '../../lib/publishing/topic/claim-check.ts';
import type { TopicPublisher } from '../../lib/publishing/topic/topic-publisher.ts';
import { UnreadableEventError } from '../../lib/runtime/errors.ts';
import { createEventData } from '../../lib/runtime/event/event-data.ts';
import { knownTypes, readEvent } from '../../lib/runtime/event/read-event.ts';
import { withData } from '../../lib/runtime/event/with-data.ts';
import { doors, type Verdict } from '../unit/publish/doors.ts';
import { recordOf } from '../unit/publish/record-of.ts';
import { type ObjectStore, startObjectStore } from './object-store.ts';

const data = z.object({ text: z.string() });
const Public = defineEvent({
  type: 'test.NewsPrinted',
  version: 2,
  description: 'For all.',
  data,
  earlier: [{ version: 1, data, upcast: (old) => old }],
});
const Secret = defineEvent({ type: 'test.SalaryRaised', version: 1, description: 'For few.', data });
const text = 'x'.repeat(300_000);
const hashOf = (value: string): string => createHash('sha256').update(value).digest('hex');

let store: ObjectStore;
/** The claims of events that others have published rightly. */
let mine: Envelope;
let another: Envelope;
let secret: Envelope;
let old: Envelope;

/** Publishes as the publish function does, and returns the event as it travels. */
async function publish(event: Partial<Envelope>): Promise<Envelope> {
  const sent: Envelope[] = [];
  const topic: TopicPublisher = {
    maxEventBytes: 262_144,
    publish: async (events) => {
      sent.push(...events);
      return events.map(() => ({ status: 'published', messageId: 'm' }));
    },
  };
  const whole = {
    specversion: '1.0',
    id: 'mine',
    source: '/shop',
    type: 'test.NewsPrinted.v2',
    data: { text },
  } as const;
  await createClaimCheckPublisher(topic, store.bucket).publish([{ ...whole, ...event }]);
  return sent[0] ?? expect.fail('nothing was published');
}

/** What the handler of a consumer of news gets for a message, whoever wrote it. */
async function consume(message: object): Promise<Envelope> {
  const read = readEvent(recordOf(JSON.stringify(message)), knownTypes([Public]));
  return withData(read, createEventData(store.bucket), AbortSignal.timeout(10_000));
}

beforeAll(async () => {
  store = await startObjectStore();
  mine = await publish({});
  another = await publish({ id: 'another', data: { text: `${text} of another` } });
  secret = await publish({ type: Secret.versionedType, id: 'salary' });
  old = await publish({ id: 'old', type: 'test.NewsPrinted.v1' });
});
afterAll(() => store.stop());
beforeEach(() => {
  store.requests.length = 0;
});

const wireOf = (verdict: Verdict | undefined): string => (verdict && 'wire' in verdict ? verdict.wire : '');
const keyOf = ({ dataref = '' }: Envelope): string => dataref.slice('s3://data/'.length);
const folderOf = (event: Envelope): string => keyOf(event).replace(/[^/]*$/, '');

/** Ways to the data of another event, for an event whose identity is `mine`. */
const CRAFTED: Readonly<Record<string, () => object>> = {
  'the claim of another event as it is': () => another,
  'the claim of an event of another type': () => secret,
  'the same identity under another type': () => ({ ...secret, id: 'mine' }),
  'backslashes that URLs take for slashes': () => ({
    dataref: `s3://data/${folderOf(mine)}..\\..\\${keyOf(another)}`,
  }),
  'backslashes to the root': () => ({
    dataref: `s3://data/${folderOf(mine)}..\\..\\..\\..\\${keyOf(another)}`,
  }),
  dots: () => ({ dataref: `s3://data/${folderOf(mine)}../../../../${keyOf(another)}` }),
  'encoded dots': () => ({ dataref: `s3://data/${folderOf(mine)}%2e%2e/%2E./.%2e/%2e%2E/${keyOf(another)}` }),
  'encoded slashes': () => ({ dataref: `s3://data/${folderOf(mine)}..%2f..%2F${keyOf(another)}` }),
  'dots encoded twice': () => ({ dataref: `s3://data/${folderOf(mine)}%252e%252e/${keyOf(another)}` }),
  'two slashes': () => ({ dataref: `s3://data//${keyOf(another)}` }),
  'two slashes within': () => ({ dataref: `s3://data/${keyOf(another).replace('/', '//')}` }),
  'an encoded letter': () => ({ dataref: `s3://data/${keyOf(another).replace(/^./, '%6c')}` }),
  'the scheme in capitals': () => ({ dataref: `S3://data/${keyOf(another)}` }),
  'the bucket in capitals': () => ({ dataref: `s3://DATA/${keyOf(mine)}` }),
  'a port': () => ({ dataref: `s3://data:443/${keyOf(mine)}` }),
  'a user': () => ({ dataref: `s3://user:pass@data/${keyOf(mine)}` }),
  'no bucket': () => ({ dataref: `s3:///${keyOf(mine)}` }),
  'one slash': () => ({ dataref: `s3:/data/${keyOf(mine)}` }),
  'a query': () => ({ dataref: `s3://data/${keyOf(mine)}?versionId=1` }),
  'a fragment': () => ({ dataref: `s3://data/${keyOf(mine)}#a` }),
  'a slash more': () => ({ dataref: `s3://data/${keyOf(mine)}/` }),
  'a blank more': () => ({ dataref: `s3://data/${keyOf(mine)} ` }),
  'a full-width dot': () => ({ dataref: `s3://data/${folderOf(mine)}\uFF0E\uFF0E/${keyOf(another)}` }),
  'another bucket': () => ({ dataref: `s3://other/${keyOf(mine)}` }),
  'the hash of other data': () => ({ datasha256: another.datasha256 }),
  'no hash': () => ({ datasha256: undefined }),
  'the hash in capitals': () => ({ datasha256: String(mine.datasha256).toUpperCase() }),
  'a pattern for a hash': () => ({ datasha256: '*'.repeat(64) }),
  'a size that is a text': () => ({ datasize: '300011' }),
  'a size below nothing': () => ({ datasize: -1 }),
  'more than was ever taken': () => ({ datasize: 2_000_000_000 }),
  'the form of earlier versions': () => ({
    dataref: `s3://data/events/${hashOf('/shop|mine')}/${mine.datasha256}`,
  }),
};

describe('a claim', () => {
  it('is fetched by the event that it belongs to, in every version, with one request', async () => {
    expect(await consume(mine)).toMatchObject({ id: 'mine', data: { text } });
    expect(await consume(old)).toMatchObject({ id: 'old', type: 'test.NewsPrinted.v2', data: { text } });
    expect(store.requests).toEqual([`GET /data/${keyOf(mine)}`, `GET /data/${keyOf(old)}`]);
  });

  it.each(Object.entries(CRAFTED))(
    'is refused before any request when it is crafted with %s',
    async (_, craft) => {
      const { dataref, datasize, datasha256 } = { ...mine, ...craft() };
      const type = 'test.NewsPrinted.v2';
      await expect(consume({ ...mine, type, dataref, datasize, datasha256 })).rejects.toMatchObject({
        name: expect.stringMatching(/^(DataUnavailableError|UnreadableEventError)$/),
      });
      expect(store.requests).toEqual([]);
    },
  );

  it('of another event makes the message unreadable, so that nothing else is done with it', () => {
    const { dataref } = another;
    const cause = new RangeError('the bus has not made this link for this event');
    expect(() => readEvent(recordOf(JSON.stringify({ ...mine, dataref })), knownTypes([Public]))).toThrow(
      new UnreadableEventError(`the data of the event is not available: ${cause.message}`, { cause }),
    );
  });

  it('that turns out wrong when it is fetched is gone for good, and says why', async () => {
    const data = createEventData(store.bucket);
    await expect(
      data.fetchData({ ...mine, datasize: -1 }, AbortSignal.timeout(10_000)),
    ).rejects.toMatchObject({ name: 'DataUnavailableError', cause: expect.any(RangeError) });
  });

  it('says that the type on the wire is another when somebody claims so', async () => {
    await expect(
      consume({ ...mine, dataref: secret.dataref, upcastfrom: Secret.versionedType }),
    ).rejects.toThrow('the bus has not made this link');
    expect(store.requests).toEqual([]);
  });

  it('is not read beyond the size that it names', async () => {
    const { dataref = '' } = mine;
    store.objects.set(keyOf(mine), `"${'x'.repeat(20_000_000)}"`);
    await expect(consume(mine)).rejects.toThrow(/was replaced/);
    store.objects.set(keyOf(mine), JSON.stringify({ text }));
    expect(dataref).toContain(keyOf(mine));
  });
});

describe.each(Object.entries(doors).filter(([name]) => name !== 'consumer'))('the door %s', (name, door) => {
  const event = { specversion: '1.0', id: 'mine', source: '/shop', type: 'test.Anything.v1' };

  it.each(Object.entries(CRAFTED))('takes no claim with %s, with data or without', async (_, craft) => {
    const { dataref = mine.dataref, datasize, datasha256 } = { ...mine, ...craft() } as Envelope;
    for (const data of [undefined, { small: true }]) {
      const verdict = await door({ ...event, data, dataref, datasize, datasha256 });
      // Some have no words for a link: what goes out has none then.
      if (name === 'emit' || name === 'console') expect(wireOf(verdict)).not.toContain('s3:');
      else if (verdict) expect(verdict.reason).toMatch(/data(ref|size|sha256)/);
    }
  });

  it('takes no true claim of another either', async () => {
    const verdict = await door({
      ...event,
      dataref: mine.dataref,
      datasize: mine.datasize,
      datasha256: mine.datasha256,
      data: { small: true },
    });
    expect(wireOf(verdict)).not.toContain('s3:');
  });
});

describe('the size of a claim', () => {
  const sized = (bytes: number) => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) });

  it('may be more than that of a request by what numbers grow when they are written anew', async () => {
    const event = await publish({ id: 'grown', data: sized(MAX_REQUEST_BYTES + COMPLETION_BYTES) });
    expect(await consume(event)).toMatchObject({ id: 'grown', data: { text: expect.any(String) } });
  });

  it('is no more than that', async () => {
    const event = await publish({ id: 'long', data: sized(MAX_REQUEST_BYTES + COMPLETION_BYTES + 1) });
    await expect(consume(event)).rejects.toThrow('the bus has not made this link');
  });
});
