import { describe, expect, it } from 'vitest';
import { checkEnvelope, checkNewEnvelope, identityOf } from '../../../lib/contracts/envelope/envelope.ts';

const event = { specversion: '1.0', id: '1', source: '/shop', type: 'shop.OrderPlaced.v1' };

describe('checkEnvelope', () => {
  it.each([
    ['a text', 'event', ''],
    ['a list', [event], ''],
    ['null', null, ''],
    ['another version', { ...event, specversion: '0.3' }, '/specversion'],
    ['no id', { ...event, id: undefined }, '/id'],
    ['an empty id', { ...event, id: '' }, '/id'],
    ['an id that is a number', { ...event, id: 1 }, '/id'],
    ['no source', { ...event, source: undefined }, '/source'],
    ['a source with a blank', { ...event, source: '/the shop' }, '/source'],
    ['a source that would make the identity ambiguous', { ...event, source: '/a|b' }, '/source'],
    ['no type', { ...event, type: undefined }, '/type'],
    ['an identity that is no DynamoDB key', { ...event, id: 'x'.repeat(2048) }, '/id'],
    [
      'a correlationid that no answer would have room for',
      { ...event, correlationid: 'x'.repeat(2_048) },
      '/correlationid',
    ],
    [
      'a causationid that is longer than an id, in bytes',
      { ...event, causationid: 'ä'.repeat(1_024) },
      '/causationid',
    ],
    ['a subject with a tab', { ...event, subject: 'a\tb' }, '/subject'],
    ['an empty subject', { ...event, subject: '' }, '/subject'],
    ['a time without a zone', { ...event, time: '2026-01-31T12:00:00' }, '/time'],
    ['a time that never was', { ...event, time: '2026-13-31T12:00:00Z' }, '/time'],
    ['a relative dataschema', { ...event, dataschema: '/schema' }, '/dataschema'],
    ['data in base64', { ...event, data_base64: 'AA==' }, '/data_base64'],
    [
      'data that is said to be no JSON',
      { ...event, data: 1, datacontenttype: 'text/xml' },
      '/datacontenttype',
    ],
    ['a partitionkey that SQS refuses', { ...event, partitionkey: 'ä' }, '/partitionkey'],
    ['a partitionkey with a space', { ...event, partitionkey: 'a b' }, '/partitionkey'],
    ['an empty partitionkey', { ...event, partitionkey: '' }, '/partitionkey'],
    ['a partitionkey that is too long', { ...event, partitionkey: 'x'.repeat(129) }, '/partitionkey'],
    ['an extension in capitals', { ...event, tenantId: 'a' }, '/tenantId'],
    ['an extension with a slash', { ...event, 'a/b': 'a' }, '/a~1b'],
    ['an extension that is an object', { ...event, tenant: { id: 'a' } }, '/tenant'],
    ['an extension with a fraction', { ...event, weight: 1.5 }, '/weight'],
    ['an extension over 32 bits', { ...event, weight: 2 ** 31 }, '/weight'],
    ['an extension under 32 bits', { ...event, weight: -(2 ** 31) - 1 }, '/weight'],
    ['an extension with an underscore', { ...event, tenant_id: 'a' }, '/tenant_id'],
    ['a required attribute that is null', { ...event, id: null }, '/id'],
    ['a control character', { ...event, subject: 'a\u0007b' }, '/subject'],
    ['half of a surrogate pair', { ...event, subject: 'a\ud800b' }, '/subject'],
    ['a noncharacter', { ...event, subject: 'a\ufdd0b' }, '/subject'],
    ['a noncharacter outside the basic plane', { ...event, subject: 'a\u{1fffe}b' }, '/subject'],
  ])('refuses %s, and says where', (_, value, pointer) => {
    expect(checkEnvelope(value).problems).toContainEqual(expect.objectContaining({ pointer }));
  });

  it('names every mistake at once', () => {
    const pointers = checkEnvelope({ specversion: '2.0', time: 'now', Bad: 1 }).problems?.map(
      ({ pointer }) => pointer,
    );
    expect(pointers).toEqual(['/specversion', '/id', '/source', '/type', '/time', '/Bad']);
  });

  it.each([
    ['the least that is an event', event],
    [
      'every optional attribute',
      {
        ...event,
        subject: 's',
        time: '2026-01-31T12:00:00.123+01:00',
        datacontenttype: 'application/vnd.shop+json',
        dataschema: 'urn:x:y',
        partitionkey: 'x'.repeat(128),
        correlationid: 'x'.repeat(2_047),
        causationid: 'x'.repeat(2_047),
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        data: {},
      },
    ],
    ['extensions of every type', { ...event, tenant: 'a', priority: 3, urgent: false, correlationid: 'c' }],
    ['a character outside the basic plane', { ...event, subject: '🎺' }],
    ['the largest and the smallest integer', { ...event, most: 2 ** 31 - 1, least: -(2 ** 31) }],
    ['a name longer than is advised', { ...event, ['x'.repeat(21)]: 'a' }],
    ['data that is null', { ...event, data: null }],
  ])('takes %s', (_, value) => {
    expect(checkEnvelope(value)).toEqual({ event: value });
  });
});

it('takes null attributes for absent ones, as the JSON format asks', () => {
  expect(checkEnvelope({ ...event, subject: null, tenant: null })).toEqual({ event });
});

it('tells events of different sources apart', () => {
  expect(identityOf({ source: '/a', id: '1' })).toBe('/a|1');
});

describe('checkNewEnvelope', () => {
  it.each([
    ['NaN, which would become null', { a: [Number.NaN] }, '/data/a/0'],
    ['a number that is infinite', { a: -Infinity }, '/data/a'],
    ['a bigint', { a: 1n }, '/data/a'],
    ['undefined in a list, which would become null', [1, undefined], '/data/1'],
    ['a function, which would be left out', { a: () => 1 }, '/data/a'],
    ['a symbol', { a: Symbol('a') }, '/data/a'],
    ['a Map, which would become {}', { a: new Map([['b', 1]]) }, '/data/a'],
    ['a Set', new Set([1]), '/data'],
    ['an Error', { a: new Error('lost') }, '/data/a'],
    ['half of a surrogate pair', { a: { b: 'x\ud83c' } }, '/data/a/b'],
    ['half of a surrogate pair in a key', { a: { '\udfba': 1 } }, '/data/a/\ufffd'],
    ['a character that SQS refuses', { a: ['\uffff'] }, '/data/a/0'],
    ['a __proto__ key', { a: JSON.parse('{"__proto__":1}') }, '/data/a/__proto__'],
    ['what JSON makes of a value, when that cannot be sent', { a: { toJSON: () => 1n } }, '/data/a'],
  ])('refuses data with %s', (_, data, pointer) => {
    const { problems = [] } = checkNewEnvelope({ ...event, data }, 0);
    expect(problems.map((problem) => problem.pointer)).toEqual([pointer]);
  });

  it('refuses data that holds itself', () => {
    const data: Record<string, unknown> = {};
    data.self = data;
    data.other = data;
    expect(checkNewEnvelope({ ...event, data }, 0).problems?.[0]?.detail).toMatch(/nested deeper/);
  });

  it('gives the event as it stands on the wire', () => {
    class Point {
      readonly x = 1;
      toJSON(): this {
        return this;
      }
    }
    const data = { at: new Date(0), left: undefined, point: new Point(), negativeZero: -0 };
    expect(checkNewEnvelope({ ...event, subject: undefined, data }, 0).event).toStrictEqual({
      ...event,
      data: { at: '1970-01-01T00:00:00.000Z', point: { x: 1 }, negativeZero: 0 },
    });
  });
});
