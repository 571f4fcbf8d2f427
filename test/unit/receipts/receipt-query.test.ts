import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasAllowedCharacters } from '../../../lib/contracts/envelope/attribute-types.ts';
import { MAX_IDENTITY_BYTES } from '../../../lib/contracts/envelope/envelope-rules.ts';
import { readReceiptQuery, receiptPath } from '../../../lib/contracts/receipts/receipt-query.ts';

/** What an event may have: the publish function takes no other. */
const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 256 })
  .filter((one) => hasAllowedCharacters(one));
const source = fc.webPath({ size: 'medium' }).map((path) => `/a${path}?b=c%2F&d#e`);
const odd = fc.constantFrom(
  'a/b',
  '..',
  '.',
  '-',
  'a?b',
  '100%',
  'a%2Fb',
  'a+b c',
  'é#ü',
  '😀'.repeat(64),
  '/',
);

/** As API Gateway passes a request to the function: the path is decoded, the query is not. */
function asGatewayPasses(path: string): { path: string; query: string } {
  const url = new URL(path, 'https://api.example.com');
  return { path: decodeURIComponent(url.pathname), query: url.search.slice(1) };
}

describe('the link of a receipt', () => {
  it('says everything that the function needs', () => {
    const link = receiptPath({
      id: '0d2b1c1e-7a53-4a5e-9c3f-0a7f3a1f6f11',
      source: '/shop/checkout',
      type: 'shop.OrderPlaced.v1',
      publishedAt: Date.parse('2026-11-27T04:00:00.000Z'),
    });
    expect(link).toBe(
      '/events/0d2b1c1e-7a53-4a5e-9c3f-0a7f3a1f6f11?source=%2Fshop%2Fcheckout&type=shop.OrderPlaced.v1&published=2026-11-27T04%3A00%3A00.000Z',
    );
  });

  it('says when an event comes that comes later', () => {
    expect(
      receiptPath({
        id: '1',
        source: '/',
        publishedAt: 0,
        deliverAt: Date.parse('2027-01-01T00:00:00.000Z'),
      }),
    ).toBe(
      '/events/1?source=%2F&published=1970-01-01T00%3A00%3A00.000Z&deliver=2027-01-01T00%3A00%3A00.000Z',
    );
  });

  it('has an id that a path would change in its query', () => {
    expect(receiptPath({ id: 'a/b', source: '/shop' })).toBe('/events/-?id=a%2Fb&source=%2Fshop');
    expect(receiptPath({ id: '-', source: '/shop' })).toBe('/events/-?id=-&source=%2Fshop');
    expect(receiptPath({ id: '..', source: '/shop' })).toBe('/events/-?id=..&source=%2Fshop');
  });

  it('comes back as it was, whatever is in the id, the source and the type', () => {
    fc.assert(
      fc.property(
        fc.oneof(text, odd),
        source,
        fc.option(text, { nil: undefined }),
        fc.option(
          fc
            .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') })
            .map((date) => date.getTime()),
          { nil: undefined },
        ),
        fc.option(fc.nat(), { nil: undefined }),
        (id, source, type, publishedAt, deliverAt) => {
          const asked = { id, source, type, publishedAt, deliverAt };
          const { path, query } = asGatewayPasses(receiptPath(asked));
          expect(readReceiptQuery(path, query)).toEqual(asked);
        },
      ),
    );
  });

  it('fits into the 10,240 bytes of a request line, with the longest id and source', () => {
    const id = 'é'.repeat((MAX_IDENTITY_BYTES - 1) / 2);
    const type = `shop.${'X'.repeat(250)}.v1`;
    expect(receiptPath({ id, source: '/', type, publishedAt: 0 }).length).toBeLessThan(8_000);
  });
});

describe('a request for a receipt', () => {
  it.each([
    ['without a source', '/events/1', '', /source of the event is missing/],
    ['with an empty source', '/events/1', 'source=', /source of the event is missing/],
    ['without an id', '/events/', 'source=/shop', /id of the event is missing/],
    ['with an empty id', '/events/-', 'id=&source=/shop', /id of the event is missing/],
    ['with a time that is none', '/events/1', 'source=/shop&published=soon', /published is 'soon'/],
    ['with a time of delivery that is none', '/events/1', 'source=/shop&deliver=soon', /deliver is 'soon'/],
    ['with a number as its time', '/events/1', 'source=/shop&published=1', /published is '1'/],
    ['with a day as its time', '/events/1', 'source=/shop&published=2026-11-27', /published is '2026-11-27'/],
    [
      'with an id that no event has',
      `/events/${'x'.repeat(MAX_IDENTITY_BYTES - 4)}`,
      'source=/shop',
      /^id and source together have 2048 bytes; at most 2047 are allowed$/,
    ],
    ['with a source that is no URI-reference', '/events/1', 'source=a b', /^source must be a URI-reference/],
    [
      'with an id that is no UTF-8',
      '/events/-',
      'id=a%FFb&source=/shop',
      /^id=a%FFb is not percent-encoded UTF-8; encode it as encodeURIComponent does$/,
    ],
    [
      'with a percent sign that encodes nothing',
      '/events/-',
      'id=100%&source=/shop',
      /^id=100% is not percent-/,
    ],
    [
      'with a name that is no UTF-8',
      '/events/1',
      'source=/shop&%FF=1',
      /^%FF=1 is not percent-encoded UTF-8/,
    ],
    [
      'with a character that a decoder has put into the path for what is no UTF-8',
      '/events/a\ufffdb',
      'source=/shop',
      /^the id in the path has a U\+FFFD.*: GET \/events\/-\?id=<id>&source=<source>$/,
    ],
    [
      'with two ids',
      '/events/-',
      'id=a&id=b&source=/shop',
      /^the parameter id is there more than once; leave all but one out$/,
    ],
    [
      'with the same source twice',
      '/events/1',
      'source=/shop&source=/shop',
      /^the parameter source is there more/,
    ],
    [
      'with a type, and an empty one',
      '/events/1',
      'source=/shop&type=&type=a',
      /^the parameter type is there more/,
    ],
    [
      'with one id in the path and another in the query',
      '/events/a',
      'id=b&source=/shop',
      /^the path has the id 'a', and the query the id 'b'; write - in the path$/,
    ],
    ['with a control character', '/events/-', 'id=a%00&source=/shop', /^id has a control character/],
  ])('%s is refused', (_, path, query, message) => {
    expect(() => readReceiptQuery(path, query)).toThrow(message);
  });

  it('has the longest id that an event can have', () => {
    const id = 'x'.repeat(MAX_IDENTITY_BYTES - 5);
    expect(readReceiptQuery(`/events/${id}`, 'source=/shop')).toMatchObject({ id });
  });

  it('may have an id that has the character of decoders itself, in its query', () => {
    expect(readReceiptQuery('/events/-', 'id=%EF%BF%BD&source=/shop')).toMatchObject({ id: '\ufffd' });
  });

  it('may have the same id in the path and in the query, blanks as plus signs, and what it does not know', () => {
    expect(readReceiptQuery('/events/a b', 'id=a+b&&source=/s?a=b&x')).toMatchObject({
      id: 'a b',
      source: '/s?a=b',
    });
  });

  it('has its id in the path when the one in the query is empty', () => {
    expect(readReceiptQuery('/events/order-1', 'id=&source=/shop')).toMatchObject({ id: 'order-1' });
  });

  it('may be typed by hand, with an id and a source only', () => {
    expect(readReceiptQuery('/events/order-1', 'source=/shop')).toEqual({
      id: 'order-1',
      source: '/shop',
      type: undefined,
      publishedAt: undefined,
      deliverAt: undefined,
    });
  });
});
