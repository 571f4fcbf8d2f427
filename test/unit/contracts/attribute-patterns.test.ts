import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isAbsoluteUri,
  isTimestamp,
  isUriReference,
} from '../../../lib/contracts/envelope/attribute-types.ts';
import { checkEnvelope } from '../../../lib/contracts/envelope/envelope.ts';

const least = { specversion: '1.0', id: '1', source: '/test', type: 'test.Anything.v1' };
const pointersOf = (event: object): readonly string[] =>
  checkEnvelope({ ...least, ...event }).problems?.map(({ pointer }) => pointer) ?? [];

describe('a day', () => {
  it('is one of the calendar, in every year of four digits', () => {
    const wrong: string[] = [];
    for (let year = 0; year < 10_000; year += year % 100 < 5 ? 1 : 3) {
      for (const [month, day] of [...lastDays(year), [2, 29], [2, 30], [4, 31], [12, 32]] as const) {
        const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T00:00:00Z`;
        const date = new Date(text);
        const exists = !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(text.slice(0, 10));
        if (isTimestamp(text) !== exists) wrong.push(text);
      }
    }
    expect(wrong).toEqual([]);
  });
});

function lastDays(year: number): readonly (readonly [number, number])[] {
  return Array.from({ length: 12 }, (_, month) => {
    const days = new Date(Date.UTC(2000, month + 1, 0));
    days.setUTCFullYear(year, month + 1, 0);
    return [month + 1, days.getUTCDate()] as const;
  });
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

describe('a URI', () => {
  const ajv = new Ajv2020.default({ strict: false });
  addFormats.default(ajv);
  const byFormat = {
    'uri-reference': ajv.compile({ type: 'string', format: 'uri-reference' }),
    uri: ajv.compile({ type: 'string', format: 'uri' }),
  };

  it('that the doors take is one for whoever checks by format', () => {
    const part = fc.constantFrom(
      ...[
        'a',
        '1',
        '/',
        '//',
        ':',
        '?',
        '#',
        '[',
        ']',
        '@',
        '%41',
        '%',
        '::',
        '1:2',
        '[::1]',
        'http:',
        'é',
        '|',
      ],
    );
    const text = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
    let taken = 0;
    fc.assert(
      fc.property(text, (one) => {
        if (isUriReference(one)) taken++;
        expect(!isUriReference(one) || byFormat['uri-reference'](one)).toBe(true);
        expect(!isAbsoluteUri(one) || byFormat.uri(one)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
    expect(taken).toBeGreaterThan(500);
  });

  it.each(['/a[1]', '/a?b[0]=1', '1a:b', ':a', '//[1:2]', '/a#b#c'])(
    '%s is none, as source or dataref',
    (one) => {
      expect(pointersOf({ source: one })).toEqual(['/source']);
      expect(pointersOf({ dataref: one })).toEqual(['/dataref']);
      expect(pointersOf({ dataschema: one })).toEqual(['/dataschema']);
    },
  );

  it.each(['http://[::1]:80/a', '//[2001:db8::8:800:200C:417A]/', 'urn:a:b', 'a%20b'])(
    '%s is a reference',
    (one) => {
      expect(pointersOf({ source: one, dataref: one })).toEqual([]);
    },
  );

  it('of megabytes is judged like any other', () => {
    for (const unit of ['a', '%41', '/a', ':', '@', '//', '?']) {
      const long = unit.repeat(2_000_000);
      expect([isUriReference(`${long}|`), isAbsoluteUri(`a:/${long}|`)]).toEqual([false, false]);
    }
  });
});
