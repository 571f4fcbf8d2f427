import { describe, expect, it } from 'vitest';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { createClaimCheckPublisher } from '../../../lib/publishing/topic/claim-check.ts';
import { conflicts, contentOf } from '../../../lib/publishing/topic/content.ts';
import { MAX_MESSAGE_BYTES } from '../../../lib/publishing/topic/publish-chunks.ts';

const event: Envelope = { specversion: '1.0', id: '1', source: '/shop', type: 'shop.Placed.v1' };
const same = (one: object, other: object): boolean =>
  !conflicts(contentOf({ ...event, ...one }), contentOf({ ...event, ...other }));
const [x, y] = ['https://a.example/x', 'https://a.example/y'];

describe('an event says the same', () => {
  it.each<[string, object, object]>([
    [
      'with its members in another order',
      { data: { a: 1, b: { c: 2, d: 3 } } },
      { data: { b: { d: 3, c: 2 }, a: 1 } },
    ],
    [
      'at another time, in another trace',
      { data: 1, time: 'a', traceparent: 'b' },
      { data: 1, producer: 'c' },
    ],
    ['with a link that is signed anew', { dataref: `${x}?sig=1` }, { dataref: `${x}?sig=2` }],
    [
      'as a consumer that emits anew',
      { source: '/consumers/a', data: 1 },
      { source: '/consumers/a', data: 2 },
    ],
    ['in another version', { data: 1 }, { type: 'shop.Placed.v2', data: 2 }],
  ])('%s', (_what, one, other) => expect(same(one, other)).toBe(true));
});

describe('an event says something else', () => {
  it.each<[string, object, object]>([
    ['with other data', { data: { a: 1 } }, { data: { a: 2 } }],
    ['with a list in another order', { data: [1, 2] }, { data: [2, 1] }],
    ['of another type', { data: 1 }, { type: 'shop.Paid.v1', data: 1 }],
    ['with another link', { dataref: x }, { dataref: y }],
    ['with another link, although it claims its hash', { dataref: x }, { dataref: y, datasha256: x }],
    ['with data that reads like the link', { dataref: x }, { data: x }],
    [
      'with other data in the bucket, by the hash of what the bus has stored',
      { dataref: 's3://data/large/1', datasha256: 'a' },
      { dataref: 's3://data/large/1', datasha256: 'b' },
    ],
  ])('%s', (_what, one, other) => expect(same(one, other)).toBe(false));
});

it.each<[string, object, string | undefined]>([
  ['data', { data: { b: 1, a: 'ä' } }, 'bniA9NrP8MGiX9yR'],
  ['data and a subject', { subject: 's', data: null }, 'pVL71hMW-jSt0d8h'],
  ['a link', { dataref: `${x}?sig=1` }, 'uP7g6Vw83D6dLwEz'],
  ['what a consumer emits', { source: '/consumers/a', data: 1 }, undefined],
])('the digest of %s is that of the records which earlier releases have written', (_, more, digest) => {
  expect(contentOf({ ...event, ...more })).toEqual({ type: 'shop.Placed.v1', digest });
});

it('large data says the same in the message and in the bucket, whatever the order of its members', async () => {
  const published: Envelope[] = [];
  const topic = {
    maxEventBytes: MAX_MESSAGE_BYTES,
    publish: async (all: readonly Envelope[]) => {
      published.push(...all);
      return all.map(() => ({ status: 'published', messageId: 'm' }) as const);
    },
  };
  const bucket = { name: 'bus-data', put: async () => undefined, get: async () => '' };
  const large = 'x'.repeat(MAX_MESSAGE_BYTES);
  await createClaimCheckPublisher(topic, bucket).publish([
    { ...event, data: { a: large, b: 1 } },
    { ...event, data: { b: 1, a: large } },
  ]);
  const [one = {}, other = {}] = published;
  expect(one).toMatchObject({
    dataref: expect.stringMatching(/^s3:/),
    datasize: MAX_MESSAGE_BYTES + '{"a":"","b":1}'.length,
  });
  expect(one).not.toMatchObject(other);
  expect(same(one, other)).toBe(true);
  expect(same(one, { data: { a: large, b: 1 } })).toBe(true);
  expect(same(one, { data: { a: large, b: 2 } })).toBe(false);
});
