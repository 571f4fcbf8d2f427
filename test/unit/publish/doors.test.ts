import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Envelope, identityOf } from '../../../lib/contracts/envelope/envelope.ts';
import { entryBytes, MAX_MESSAGE_BYTES } from '../../../lib/publishing/topic/publish-chunks.ts';
import { entryOf } from '../../../lib/publishing/topic/publish-entry.ts';
import { answerTo, type Candidate, candidateOf, doors } from './doors.ts';

const least = { specversion: '1.0', id: '1', source: '/test', type: 'test.Anything.v1', data: {} };
const nested = (depth: number): unknown =>
  Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 1);

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

/** What every door that has words for it says of an event. */
async function takers(candidate: Candidate): Promise<Readonly<Record<string, boolean>>> {
  const verdicts = await Promise.all(
    Object.entries(doors).map(async ([name, enter]) => [name, await enter(candidate)] as const),
  );
  return Object.fromEntries(
    verdicts.flatMap(([name, verdict]) => (verdict ? [[name, verdict.reason === undefined]] : [])),
  );
}

describe('what one door refuses, all refuse that have words for it', () => {
  const everywhere = { structured: false, batched: false, consumer: false };
  const attributes = { ...everywhere, binary: false, publisher: false };
  const all = { ...attributes, console: false, emit: false };
  it.each<[string, object, object]>([
    [
      'the source of a consumer',
      { source: '/consumers/inventory' },
      { ...attributes, consumer: true, console: false },
    ],
    ['a subject with a tab', { subject: 'a\tb' }, all],
    ['an empty subject', { subject: '' }, all],
    [
      'a producer, which only the HTTP API names',
      { producer: 'checkout' },
      { structured: false, batched: false, binary: false, publisher: false },
    ],
    [
      'a subject with half of a surrogate pair',
      { subject: 'a\ud83c' },
      { ...everywhere, publisher: false, console: false, emit: false },
    ],
    ['a partitionkey with a space', { partitionkey: 'a b' }, { ...attributes, emit: false }],
    ['a partitionkey with an umlaut', { partitionkey: 'ä' }, { ...attributes, emit: false }],
    ['a partitionkey of 129 characters', { partitionkey: 'x'.repeat(129) }, { ...attributes, emit: false }],
    ['half of a surrogate pair deep in the data', { data: { a: [{ b: '\udfba' }] } }, all],
    ['half of a surrogate pair in a key of the data', { data: { a: { '\ud83c': 1 } } }, all],
    ['a character that SQS refuses, deep in the data', { data: { a: ['\uffff'] } }, all],
    ['a character that SQS refuses in a key of the data', { data: { '\ufffe': 1 } }, all],
    ['a __proto__ key in the data', { data: JSON.parse('{"__proto__":1}') }, all],
    ['data nested 64 deep', { data: nested(64) }, all],
    ['a correlationid of 2,048 bytes', { correlationid: 'x'.repeat(2_048) }, attributes],
    ['a causationid of 100,000 bytes', { causationid: 'x'.repeat(100_000) }, attributes],
    ['a tenant of 2,048 bytes', { tenant: 'ä'.repeat(1_024) }, attributes],
    ['a time of delivery that is none', { deliverat: 'tomorrow' }, all],
    ['a time of delivery on a day that does not exist', { deliverat: '2026-02-30T00:00:00Z' }, all],
    ['an empty time of delivery', { deliverat: '' }, all],
    [
      'a time of delivery more than 365 days ahead, which a consumer may read long afterwards',
      { deliverat: inDays(365.01) },
      { ...all, consumer: true },
    ],
    [
      // The publisher to the API does not know whether the API can store the data, so it leaves it to the API.
      'data for later that is too large for a schedule once its keywords are escaped',
      { deliverat: inDays(2), data: { a: '<aws.scheduler.'.repeat(16_000) } },
      { ...everywhere, binary: false, emit: false },
    ],
    ['data that is said to be no JSON', { datacontenttype: 'text/plain' }, { ...everywhere, binary: false }],
    ['data in base64', { data: undefined, data_base64: 'AA==' }, everywhere],
  ])('%s', async (_, wrong, expected) => {
    expect(await takers({ ...least, ...wrong })).toMatchObject(expected);
  });
});

describe('what is just within the limits, every door takes', () => {
  it.each<[string, object]>([
    ['data nested 63 deep', { data: nested(63) }],
    ['an id of 2,042 bytes', { id: 'x'.repeat(2_042) }],
    [
      'correlation and causation ids as long as an id may be',
      { correlationid: 'x'.repeat(2_047), causationid: 'ä'.repeat(1_023) },
    ],
    ['a tenant as long as an id may be', { tenant: 'x'.repeat(2_047) }],
    ['a partitionkey of all punctuation', { partitionkey: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~' }],
    ['a time of delivery that has passed', { deliverat: '2001-01-01t00:00:00.123456789z' }],
    ['a time of delivery in another zone', { deliverat: '2026-01-31T12:00:00+14:00' }],
    ['a time of delivery almost 365 days ahead', { deliverat: inDays(364.99) }],
    ['a subject with quotes and backslashes', { subject: '12" vinyl, C:\\music 🎺' }],
    [
      'every character that JSON escapes',
      { data: { '\u0000"\\\u007f\u2028': '\u0001\u001f\n\t\ufffd\ufdd0' } },
    ],
  ])('%s', async (_, right) => {
    const event = { ...least, time: '2026-01-31T12:00:00.000Z', ...right };
    expect(Object.entries(await takers(event)).filter(([, taken]) => !taken)).toEqual([]);
  });
});

/** Text of all kinds, most of it ordinary, some that one door or another has once let through alone. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  fc.constantFrom(
    '\t',
    '\u0000',
    '\u0085',
    '\ud83c',
    '\udfba\ud83c',
    '\ufffe',
    '\uffff',
    '\ufdd0',
    '\u{1ffff}',
    '\ufffd',
    '"',
    '\\',
    ' ',
    '',
  ),
  fc.constantFrom(
    ...[127, 128, 129, 1_023, 1_024, 2_039, 2_047, 2_048, 100_000].flatMap((length) => [
      'x'.repeat(length),
      'ä'.repeat(length),
    ]),
  ),
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.dictionary(text, text, { maxKeys: 3 }),
  fc.tuple(fc.integer({ min: 58, max: 66 }), text).map(([depth, inner]) => ({ a: nested(depth), inner })),
  fc.array(text, { maxLength: 3 }),
);
const candidates = fc.record(
  {
    specversion: fc.constant('1.0'),
    type: fc.constant('test.Anything.v1'),
    id: text,
    // Most of them right: a wrong one lets the rest of the event untried.
    deliverat: fc.oneof(
      {
        weight: 8,
        arbitrary: fc
          .date({ noInvalidDate: true, min: new Date(0), max: new Date(inDays(364)) })
          .map((date) => date.toISOString()),
      },
      fc.constantFrom('2026-02-29T00:00:00Z', '2024-02-29T23:59:60Z', '2026-01-01', '1', inDays(1)),
      text,
    ),
    source: fc.oneof(fc.webUrl(), fc.constantFrom('/test', '/a|b', '', `/${'x'.repeat(2_000)}`), text),
    subject: text,
    partitionkey: text,
    correlationid: text,
    tenant: fc.oneof(text, fc.constant('x'.repeat(261_000)), fc.integer(), fc.boolean()),
    causationid: text,
    traceparent: fc.constantFrom('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'none'),
    time: fc.date({ noInvalidDate: true, min: new Date(0) }).map((date) => date.toISOString()),
    data: value,
  },
  { requiredKeys: ['specversion', 'type', 'id', 'source', 'data'] },
);

describe('what one door takes', () => {
  it('all the others take as it stands on the wire, and so on with two generations of answers to it', async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(candidates, async (candidate) => {
        for (const [name, enter] of Object.entries(doors)) {
          const verdict = await enter(candidate);
          if (verdict?.reason !== undefined || !verdict) continue;
          taken++;
          const child = answerTo(verdict.wire, 'x'.repeat(60));
          for (const wire of [verdict.wire, child, answerTo(child, 'y')]) {
            const refusers = Object.entries(await takers(candidateOf(wire))).filter(([, takes]) => !takes);
            expect({ name, refusers }).toEqual({ name, refusers: [] });
            expect(refusedByAws(Object(JSON.parse(wire)))).toEqual([]);
          }
        }
      }),
      { numRuns: 300 },
    );
    // The property says something only if it was tried.
    expect(taken).toBeGreaterThan(100);
  });
});

describe('what SNS gets', () => {
  it.each(['12" vinyl', 'C:\\music', '\\u0041', '"'])(
    'could stand in a JSON string as it is: %s',
    (subject) => {
      // SNS drops, without a word, what does not, as soon as a subscription filters on attributes.
      expect(refusedByAws({ ...least, specversion: '1.0', subject })).toEqual([]);
    },
  );
});

/** The rules of AWS in other words than the check's. @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
function refusedByAws(event: Envelope): readonly string[] {
  const entry = entryOf(event, 0, true);
  const { Message = '', MessageAttributes = {}, MessageGroupId = '' } = entry;
  const values = Object.values(MessageAttributes).map(({ StringValue = '' }) => StringValue);
  const rules: Readonly<Record<string, boolean>> = {
    'XML 1.0': [Message, ...values].every((one) =>
      /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]+$/u.test(one),
    ),
    'a JSON string as it stands': values.every((one) => typeof JSON.parse(`"${one}"`) === 'string'),
    'message group': /^[!-~]{1,128}$/.test(MessageGroupId),
    size: entryBytes(entry) <= MAX_MESSAGE_BYTES,
    'DynamoDB key': Buffer.byteLength(identityOf(event)) <= 2_048,
  };
  return Object.keys(rules).filter((rule) => !rules[rule]);
}
