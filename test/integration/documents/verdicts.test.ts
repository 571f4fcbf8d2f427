import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { contracts, openApi } from './contracts.ts';
import { type Door, openDoor } from './door.ts';
import { Judge } from './judge.ts';
import { CONTENT_TYPES, MODES, requestOf, WRONG_CONTENT_TYPES } from './requests.ts';

/** Requests: more of them with DOCUMENT_RUNS=20000. */
const RUNS = Number(process.env.DOCUMENT_RUNS ?? 100) * 5;
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

const nested = (depth: number): unknown =>
  Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 1);

/** Text of all kinds, made without the document. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom(
    '',
    ' ',
    '\t',
    '\u0085',
    '\ud83c',
    '\ufffe',
    '\ufdd0',
    '\u{1ffff}',
    '"',
    '\\',
    '%',
    '%41',
    '\ufffd',
  ),
  fc.constantFrom(
    ...[128, 129, 1_023, 1_024, 2_046, 2_047, 2_048].flatMap((n) => ['x'.repeat(n), 'ä'.repeat(n)]),
  ),
);
const uri = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc
    .array(
      fc.constantFrom(
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
        '::1',
        '[::1]',
        'http:',
        'é',
      ),
      { maxLength: 6 },
    )
    .map((parts) => parts.join('')),
);
const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc
    .tuple(
      fc.constantFrom('2026', '2024', '0000', '1900', '26'),
      fc.constantFrom('-02-29', '-02-30', '-04-31', '-12-31', '-13-01'),
      fc.constantFrom('T', 't', ' '),
      fc.constantFrom('12:00:00', '23:59:60', '24:00:00', '12:00', '00:00:00.123456789'),
      fc.constantFrom('Z', 'z', '+14:00', '-00:00', '+24:00', ''),
    )
    .map((parts) => parts.join('')),
);
const mediaType = fc.oneof(
  fc.constantFrom(
    'application/json',
    'Text/JSON',
    'application/vnd.a+json; x=1',
    'text/plain',
    'application/json-seq',
    'a/b/json',
    'json',
    'application/json;\u0000',
    'application/json\u00a0',
  ),
  text,
);
const any: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(null, true, [], {}, 2 ** 31, 2 ** 31 - 1, 1.5),
);
const sometimes = (usual: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 30, arbitrary: usual },
    { weight: 1, arbitrary: any },
    { weight: 2, arbitrary: fc.constant(null) },
  );
const data: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.dictionary(text, text, { maxKeys: 2, noNullPrototype: true }),
  fc.integer({ min: 60, max: 66 }).map(nested),
  fc.constant(JSON.parse('{"__proto__":1}')),
  fc.constant({ tree: { name: 'oak', children: [{ name: 'twig', children: [] }] }, height: 2 }),
);
const link = fc.constantFrom(
  'https://garden.example.com/1',
  'https://garden.example.com',
  'https://garden.example.com.evil.org/1',
  'HTTPS://garden.example.com/1',
  'https://a:b@garden.example.com/1',
  'https://garden.example.com:443/1',
  'https://trees.example.org:8443/x',
  'https://trees.example.org:84430/x',
  's3://bus-data/events/a/b',
  'https://garden.example.com#1',
  'https://garden.example.com/a b',
  'https://garden.example.com/',
  'https://trees.example.org:8443/trees/../x',
  'https://trees.example.org:8443/trees/a%2Fb',
);
/** Below what the contract allows, of all that a path and a query may have. */
const below = fc
  .stringMatching(/^([a-z.;'%/?#:@!]|%[0-9A-Fa-f]{2}|%C[23]%[89AB][0-9A-F]){0,8}$/)
  .map((rest) => `https://garden.example.com/${rest}`);
/** How often an attribute is there, in a hundred; the others are in fifteen. */
const OFTEN: Readonly<Record<string, number>> = {
  specversion: 99,
  type: 99,
  source: 99,
  data: 80,
  Wrong: 2,
  data_base64: 6,
};
const event = fc.record(
  {
    specversion: sometimes(fc.constant('1.0')),
    type: sometimes(
      fc.oneof(
        { weight: 8, arbitrary: fc.constant('test.Anything.v1') },
        fc.constantFrom('garden.TreeGrown.v1', 'garden.TreeGrown.v2', 'test.Unknown.v1'),
      ),
    ),
    id: sometimes(text),
    // With room for the id that the API makes.
    source: sometimes(
      fc
        .oneof({ weight: 3, arbitrary: fc.constantFrom('/test', 'urn:a:b') }, uri)
        .map((one) => one.slice(0, 2_000)),
    ),
    subject: sometimes(text),
    time: sometimes(time),
    datacontenttype: sometimes(mediaType),
    dataschema: sometimes(uri),
    dataref: sometimes(fc.oneof(link, below, uri)),
    partitionkey: sometimes(fc.oneof(fc.stringMatching(/^[!-~]{1,130}$/), text)),
    correlationid: sometimes(text),
    causationid: sometimes(text),
    traceparent: sometimes(text),
    data_base64: fc.constantFrom(null, 'AA=='),
    myextension: any,
    Wrong: any,
    data,
  },
  { requiredKeys: ['specversion', 'type', 'source'] },
);
/** Most attributes left out, so that many events are right. */
const events = fc.tuple(event, fc.infiniteStream(fc.integer({ min: 0, max: 99 }))).map(([one, dice]) => {
  const kept = Object.entries(one).filter(([name]) => dice.next().value < (OFTEN[name] ?? 15));
  return Object.fromEntries(kept);
});

it('door and document have one verdict of any request, made without the document', async () => {
  const verdicts = { taken: 0, refused: 0 };
  const contentTypes = fc.constantFrom(...[...Object.values(CONTENT_TYPES).flat(), ...WRONG_CONTENT_TYPES]);
  await fc.assert(
    fc.asyncProperty(
      events,
      fc.constantFrom(...MODES),
      fc.option(contentTypes, { freq: 1 }),
      async (one, mode, as) => {
        // Half of a surrogate pair has no UTF-8, and so no percent-encoding.
        fc.pre(mode !== 'binary' || JSON.stringify(one) === JSON.stringify(one).toWellFormed());
        const request = requestOf(mode, one, as ?? undefined);
        const taken = judge.accepts(request);
        verdicts[taken ? 'taken' : 'refused']++;
        const { status, body } = await door.send(request);
        expect({ taken: status === 202, errors: body.errors }).toEqual({
          taken,
          errors: taken ? undefined : body.errors,
        });
        if (!taken) expect(status >= 400 && status < 500).toBe(true);
      },
    ),
    { numRuns: RUNS },
  );
  // The property says something only if both verdicts were given.
  expect(verdicts.taken).toBeGreaterThan(RUNS / 10);
  expect(verdicts.refused).toBeGreaterThan(RUNS / 10);
});
