import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { contracts, openApi } from './contracts.ts';
import { type Door, openDoor } from './door.ts';
import { type HttpRequest, Judge } from './judge.ts';
import { MODES, requestOf } from './requests.ts';

const judge = new Judge(openApi);
let door: Door;

beforeAll(async () => {
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
  door = await openDoor(contracts);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await door.stop();
});

async function verdictsOf(
  request: HttpRequest,
): Promise<{ readonly door: boolean; readonly document: boolean }> {
  const { status } = await door.send(request);
  return { door: status === 202, document: judge.accepts(request) };
}

const least = { specversion: '1.0', source: '/test', type: 'test.Anything.v1', data: {} };

describe('what door and document say of one event', () => {
  it.each<[string, object, boolean]>([
    [
      'attributes that are null',
      { id: null, subject: null, time: null, partitionkey: null, other: null },
      true,
    ],
    ['data_base64 that is null', { data_base64: null }, true],
    ['a source that is null', { source: null }, false],
    ['a name of no attribute that is null', { Subject: null }, false],
    ['an empty subject', { subject: '' }, false],
    ['an empty extension', { other: '' }, true],
    ['a subject with a tab', { subject: 'a\tb' }, false],
    ['a source with brackets in its path', { source: '/a[1]' }, false],
    ['a source with a port that is too large', { source: 'http://a:99999' }, true],
    ['a dataschema without a scheme', { dataschema: '/schemas/1' }, false],
    ['a dataref beside data that is no URI-reference', { dataref: 'a b' }, false],
    ['a link beside data where the contract allows none', { dataref: 'https://a.example.com/1' }, false],
    ['a producer', { producer: 'checkout' }, false],
    ['a producer that is null', { producer: null }, true],
    ['the source of a consumer', { source: '/consumers/inventory' }, false],
    ['a leap second', { time: '2016-12-31T23:59:60Z' }, false],
    ['the 29th of February of no leap year', { time: '2025-02-29T00:00:00Z' }, false],
    ['a time in small letters', { time: '2026-01-31t12:00:00.5z' }, true],
    ['a partitionkey with a space', { partitionkey: 'a b' }, false],
    ['a partitionkey of 129 characters', { partitionkey: 'x'.repeat(129) }, false],
    ['an extension with a capital', { traceState: 'a' }, false],
    ['an extension that is a fraction', { other: 1.5 }, false],
    ['an extension of 33 bits', { other: 2 ** 31 }, false],
    ['an extension that is a list', { other: [] }, false],
    ['an extension that is a whole number', { other: -(2 ** 31) }, true],
    ['a datacontenttype that is no JSON', { datacontenttype: 'text/plain' }, false],
    ['a datacontenttype with +json and parameters', { datacontenttype: 'application/vnd.a+JSON ;v=1' }, true],
    ['an id of 2,047 characters', { id: 'x'.repeat(2_047) }, false],
    ['a correlationid of 2,048 characters', { correlationid: 'x'.repeat(2_048) }, false],
    ['a correlationid of 1,024 characters and 2,048 bytes', { correlationid: 'ä'.repeat(1_024) }, false],
    ['half of a surrogate pair in the data', { data: { a: '\ud83c' } }, false],
    ['a key that SQS refuses', { data: { '\uffff': 1 } }, false],
    ['a __proto__ key', { data: JSON.parse('{"a":{"__proto__":1}}') }, false],
    ['no data where the contract asks for none', { data: undefined }, true],
    ['a link where the contract allows none', { data: undefined, dataref: 'https://a.example.com/1' }, false],
  ])('%s', async (_, change, taken) => {
    const verdicts = {
      structured: { door: taken, document: taken },
      batched: { door: taken, document: taken },
    };
    const event = { ...least, ...change };
    expect({
      structured: await verdictsOf(requestOf('structured', event)),
      batched: await verdictsOf(requestOf('batched', event)),
    }).toEqual(verdicts);
  });
});

describe('a link in the place of the data', () => {
  it.each([
    ['https://garden.example.com/', true],
    ['https://garden.example.com/1', true],
    ['https://garden.example.com/a/b/?c=d&e', true],
    ['https://garden.example.com/%C3%A4%F0%9F%8E%BA', true],
    ["https://garden.example.com/it's;v=1", true],
    ['https://trees.example.org:8443/trees/x', true],
    ['https://trees.example.org:8443/x', false],
    ['https://trees.example.org:8443/trees/../x', false],
    ['https://trees.example.org:8443/trees/%2e%2E/x', false],
    ['https://trees.example.org:8443/trees/..;/x', false],
    ['https://trees.example.org:8443/trees/a%2fb', false],
    ['https://trees.example.org:8443/trees/a%5Cb', false],
    ['https://trees.example.org:8443/trees/a%25b', false],
    ['https://trees.example.org:8443/trees/a%C2%85b', false],
    ['https://trees.example.org:8443/trees/a%C3', false],
    ['https://trees.example.org:8443/trees/a%ED%A0%80', false],
    ['https://trees.example.org:8443/trees//a', false],
    ['https://garden.example.com', false],
    ['https://garden.example.com/?a#b', false],
    ["https://garden.example.com/?it's", false],
    ['https://garden.example.com.evil.org/1', false],
    ['https://garden.example.com@evil.org/1', false],
    ['https://user:password@garden.example.com/1', false],
    ['HTTPS://garden.example.com/1', false],
    ['https://garden.example.com:443/1', false],
    ['https:garden.example.com/1', false],
    ['https://trees.example.org:84430/x', false],
    ['s3://bus-data/events/a/b', false],
  ])('%s, in every mode: %s', async (dataref, taken) => {
    const { data: _, ...event } = { ...least, type: 'garden.TreeGrown.v2', dataref };
    for (const mode of MODES) {
      expect([mode, await verdictsOf(requestOf(mode, event))]).toEqual([
        mode,
        { door: taken, document: taken },
      ]);
    }
  });
});

describe('binary mode', () => {
  const { requiredHeaders } = openApi.paths['/events'].post['x-content-modes'].binary;
  const values: Readonly<Record<string, string>> = {
    'ce-specversion': '1.0',
    'ce-source': '/test',
    'ce-type': 'test.Anything.v1',
  };
  const body = Buffer.from('{}');
  const required = Object.fromEntries(requiredHeaders.map((name) => [name, values[name] ?? '']));

  it('takes a request with the headers that the document says have to be there, and no others', async () => {
    const headers = { 'content-type': 'application/json', ...required };
    expect(await verdictsOf({ headers, body })).toEqual({ door: true, document: true });
  });

  it.each([
    ['application/json; charset=utf-8', true],
    ['application/json;charset="US-ASCII"', true],
    ['application/problem+json', true],
    ['text/json', true],
    ['application/json; charset=latin1', false],
    ['application/json; charset=utf-8; charset=utf-16', false],
    ['application/x-ndjson', false],
    ['application/json;q="ö"', false],
    ['', false],
  ])('with %j as content type: %s', async (contentType, taken) => {
    const headers = { 'content-type': contentType, ...required };
    expect(await verdictsOf({ headers, body })).toEqual({ door: taken, document: taken });
  });
});
