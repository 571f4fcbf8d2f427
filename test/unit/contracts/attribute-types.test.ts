import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isAbsoluteUri,
  isJsonMediaType,
  isTimestamp,
  isUriReference,
} from '../../../lib/contracts/envelope/attribute-types.ts';

describe('isTimestamp', () => {
  it.each([
    '2026-02-30T12:00:00Z',
    '2025-02-29T12:00:00Z',
    '2026-00-10T12:00:00Z',
    '2026-13-10T12:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T12:60:00Z',
    '2016-12-31T23:59:60Z',
    '2026-01-31T12:00:00',
    '2026-01-31T12:00Z',
    '2026-01-31T12:00:00.Z',
    '2026-01-31T12:00:00+24:00',
    '2026-01-31T12:00:00+0100',
    '2026-01-31 12:00:00Z',
    ' 2026-01-31T12:00:00Z',
    '2026-01-31',
    '+02026-01-31T12:00:00Z',
    '',
    1,
  ])('refuses %s', (text) => {
    expect(isTimestamp(text)).toBe(false);
  });

  it.each([
    '2026-01-31T12:00:00Z',
    '2024-02-29T23:59:59.999999999Z',
    '2026-01-31t12:00:00z',
    '2026-01-31T12:00:00-00:00',
    '2026-01-31T12:00:00+14:00',
    '0001-01-01T00:00:00Z',
  ])('takes %s, and JavaScript can read it', (text) => {
    expect(isTimestamp(text)).toBe(true);
    expect(Date.parse(text)).not.toBeNaN();
  });

  it('takes whatever JavaScript writes', () => {
    const dates = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(fc.property(dates, (date) => isTimestamp(date.toISOString())));
  });
});

describe('isUriReference', () => {
  it.each(['', '/the shop', '/a|b', '/<a>', '/a%zz', '/é', '/a\\b', 'http://[', '/a\n', 1])(
    'refuses %j',
    (text) => {
      expect(isUriReference(text)).toBe(false);
    },
  );

  it.each([
    '/shop/checkout',
    'shop',
    'https://example.com/a?b=c#d',
    'urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66',
    'mailto:ada@example.com',
    '/a%C3%A9',
    '//example.com/a',
    '#part',
  ])('takes %s', (text) => {
    expect(isUriReference(text)).toBe(true);
  });
});

it.each([
  ['/schema', false],
  [' https://example.com/schema', false],
  ['https://example.com/schema.json', true],
  ['urn:example:schema', true],
])('isAbsoluteUri(%j) is %s', (text, expected) => {
  expect(isAbsoluteUri(text)).toBe(expected);
});

it.each([
  ['application/json', true],
  ['Application/JSON; charset=utf-8', true],
  ['text/json', true],
  ['application/vnd.shop+json', true],
  ['application/json-seq', false],
  ['application/xml', false],
  ['json', false],
  ['', false],
])('isJsonMediaType(%j) is %s', (mediaType, expected) => {
  expect(isJsonMediaType(mediaType)).toBe(expected);
});
