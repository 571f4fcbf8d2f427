import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JsonSchema } from '../../../lib/contracts/compatibility/json-schema.ts';
import { contracts, openApi } from './contracts.ts';
import { type Answer, type Door, openDoor } from './door.ts';
import { Generator } from './generate.ts';
import { type HttpRequest, Judge } from './judge.ts';
import { CONTENT_TYPES, MODES, type Mode, requestOf, WRONG_CONTENT_TYPES } from './requests.ts';
import { violationsOf } from './violate.ts';

/** Requests of each property: more of them with DOCUMENT_RUNS=20000. */
const RUNS = Number(process.env.DOCUMENT_RUNS ?? 100);
const judge = new Judge(openApi);
const generator = new Generator({ ...openApi }, (schema, value) => judge.keeps(schema, value));
const { parameters, requestBody, responses } = openApi.paths['/events'].post;
const versionedTypes = contracts.flatMap(({ versions }) =>
  versions.map(({ versionedType }) => versionedType),
);
const events = Object.fromEntries(
  versionedTypes.map((type) => [type, generator.values({ $ref: `#/components/schemas/${type}` })]),
);
/** How often each keyword was broken. */
const tried = new Map<string, number>();
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

/** Every answer is one of the document's, whatever the request. */
async function send(request: HttpRequest): Promise<Answer> {
  const answer = await door.send(request);
  const media = responses[String(answer.status)]?.content ?? {};
  const schema = media[String(answer.headers['content-type'])];
  expect(schema && judge.keeps(Object(schema).schema, answer.body)).toBe(true);
  return answer;
}

async function expectTaken(request: HttpRequest): Promise<void> {
  expect(judge.accepts(request)).toBe(true);
  const { status, body } = await send(request);
  expect({ status, errors: body.errors }).toEqual({ status: 202, errors: undefined });
}

async function expectRefused(request: HttpRequest): Promise<void> {
  expect(judge.accepts(request)).toBe(false);
  const { status, headers } = await send(request);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(headers['content-type']).toBe('application/problem+json');
}

describe('an example of the document', () => {
  const { content } = requestBody;
  const examples = Object.entries(content).flatMap(([type, { examples = {} }]) =>
    Object.entries(examples).map(([name, example]) => ({ type, name, example })),
  );

  it('is there for each event in each mode', () => {
    expect(examples.map(({ name }) => name).toSorted()).toEqual(
      versionedTypes.flatMap((type) => [type, type, type]).toSorted(),
    );
  });

  it.each(examples)('is right: $name as $type', async ({ type, example }) => {
    expect(judge.keeps(content[type]?.schema ?? {}, example.value)).toBe(true);
    const headers = { 'content-type': type, ...example['x-headers'] };
    await expectTaken({ headers, body: Buffer.from(JSON.stringify(example.value)) });
  });
});

describe.each(versionedTypes)('%s', (type) => {
  const each = Math.ceil(RUNS / versionedTypes.length);
  const event = events[type] ?? fc.constant({});

  it.each(MODES)('as the document has it, is taken: %s', async (mode) => {
    const contentType = fc.constantFrom(...CONTENT_TYPES[mode]);
    await fc.assert(
      fc.asyncProperty(event, contentType, async (one, as) => {
        fc.pre(keepsToWords(one));
        await expectTaken(requestOf(mode, one, as));
      }),
      { numRuns: each },
    );
  });

  it.each(MODES)('with one thing that the document does not have, is refused: %s', async (mode) => {
    await fc.assert(
      fc.asyncProperty(event, fc.nat(), async (one, which) => {
        const request = violation(mode, type, one, which);
        fc.pre(request !== undefined);
        await expectRefused(request);
      }),
      { numRuns: each * 2 },
    );
  });
});

/** The event with one keyword of its schema broken; of all such events that the document refuses, one. */
function violation(mode: Mode, type: string, event: unknown, which: number): HttpRequest | undefined {
  const schema: JsonSchema = { $ref: `#/components/schemas/${type}` };
  const all = Object.values(
    Object.groupBy(violationsOf(generator, [schema], event), ({ keyword }) => keyword),
  ).flatMap((list) => (list ? [list] : []));
  for (let tries = 0; tries < 50; tries++) {
    // Each keyword as often as any other, however many ways there are to break it.
    const list = all[(which + tries) % all.length] ?? [];
    const one = list[(which + tries * 7_919) % list.length];
    const request = one && requestOf(mode, one.value);
    // Some are right after all: in binary mode every value is a string, and what one alternative refuses another may take.
    if (!one || !request || judge.accepts(request)) continue;
    tried.set(one.keyword, (tried.get(one.keyword) ?? 0) + 1);
    return request;
  }
  return undefined;
}

/** What a generated event can break that no schema says. */
function keepsToWords(event: unknown): boolean {
  return judge.accepts(requestOf('structured', event));
}

it('every keyword that the document has for events was broken', () => {
  expect([...tried.keys()]).toEqual(
    expect.arrayContaining([
      'const',
      'required',
      'type',
      'pattern',
      'minLength',
      'maxLength',
      'propertyNames',
      'additionalProperties',
      'minimum',
      'maximum',
    ]),
  );
});

describe('at the path of a type', () => {
  const { parameters: ofPath, post } = openApi.paths['/events/{type}'];
  const typeOf = (versionedType: string): string => versionedType.replace(/\.v\d+$/, '');
  const paths = fc.constantFrom(...new Set(versionedTypes.map(typeOf)));

  it('a request with events of this type is taken, and one with another is not', async () => {
    const statuses = new Set<number>();
    const anyEvent = fc
      .constantFrom(...versionedTypes)
      .chain((type) => fc.record({ of: fc.constant(typeOf(type)), event: events[type] ?? fc.constant({}) }));
    await fc.assert(
      fc.asyncProperty(
        anyEvent,
        paths,
        fc.boolean(),
        fc.constantFrom(...MODES),
        async (one, other, isOwn, mode) => {
          fc.pre(keepsToWords(one.event));
          const type = isOwn ? one.of : other;
          const request = { ...requestOf(mode, one.event), type };
          const { status } = await send(request);
          statuses.add(status);
          expect({ status, isRight: judge.accepts(request) }).toEqual(
            type === one.of ? { status: 202, isRight: true } : { status: 403, isRight: false },
          );
        },
      ),
      { numRuns: RUNS },
    );
    expect([...statuses].toSorted()).toEqual([202, 403]);
  });

  it('the examples of the document are of the example of the parameter, and are taken', async () => {
    const type = ofPath[0]?.example;
    if (type === undefined) expect.fail('the parameter has no example');
    const examples = Object.entries(post.requestBody.content).flatMap(([as, { examples = {} }]) =>
      Object.values(examples).map((example) => ({ as, example })),
    );
    expect(examples.length).toBeGreaterThanOrEqual(3);
    for (const { as, example } of examples) {
      const headers = { 'content-type': as, ...example['x-headers'] };
      await expectTaken({
        type,
        headers,
        body: Buffer.from(JSON.stringify(example.value)),
      });
    }
  });

  it('the document says what happens to events of another type', () => {
    expect(post.description).toMatch(/Otherwise the answer is 403/);
  });
});

describe('a request whose event is right', () => {
  const order = events['shop.OrderPlaced.v1'] ?? fc.constant({});
  const keySchema = parameters.find(({ name }) => name === 'Idempotency-Key')?.schema ?? {};

  it('is refused with a content type that the document does not have', async () => {
    await fc.assert(
      fc.asyncProperty(
        order,
        fc.constantFrom(...MODES),
        fc.constantFrom(...WRONG_CONTENT_TYPES),
        async (one, mode, as) => {
          await expectRefused(requestOf(mode, one, as));
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('is taken with a key of the form that the document has, and refused with another', async () => {
    const key = fc.oneof(
      generator.values(keySchema).map(String),
      fc.constantFrom('', 'a b', 'ä', 'x'.repeat(255), 'x'.repeat(256), '"quoted"', 'a,b'),
    );
    await fc.assert(
      fc.asyncProperty(order, fc.constantFrom(...MODES), key, async (one, mode, value) => {
        const { headers, body } = requestOf(mode, one);
        const request = { headers: { ...headers, 'Idempotency-Key': value }, body };
        await (judge.keeps(keySchema, value) ? expectTaken(request) : expectRefused(request));
      }),
      { numRuns: RUNS / 2 },
    );
  });

  it('is refused in binary mode without a header that has to be there, or with one that has no place', async () => {
    const wrongs: readonly ((headers: Record<string, string>) => void)[] = [
      ...['ce-specversion', 'ce-source', 'ce-type'].map((name) => (headers: Record<string, string>) => {
        delete headers[name];
      }),
      ...['ce-data', 'ce-data_base64', 'ce-datacontenttype', 'ce-a_b', 'ce-a-b', 'ce-'].map(
        (name) => (headers: Record<string, string>) => {
          headers[name] = 'x';
        },
      ),
      ...['%', '%ff', '%C0%A0', 'é', '%00', ''].map((value) => (headers: Record<string, string>) => {
        headers['ce-subject'] = value;
      }),
    ];
    await fc.assert(
      fc.asyncProperty(order, fc.constantFrom(...wrongs), async (one, change) => {
        const { headers, body } = requestOf('binary', one);
        const changed = { ...headers };
        change(changed);
        await expectRefused({ headers: changed, body });
      }),
      { numRuns: RUNS },
    );
  });

  it('is refused in a batch of none, of 101, and of what is no list', async () => {
    await fc.assert(
      fc.asyncProperty(order, fc.constantFrom(0, 101, undefined), async (one, count) => {
        const list = Array.from({ length: count ?? 0 }, (_, index) => ({
          ...Object(one),
          id: String(index),
        }));
        const body = Buffer.from(JSON.stringify(count === undefined ? one : list));
        await expectRefused({ headers: { 'content-type': CONTENT_TYPES.batched[0] ?? '' }, body });
      }),
      { numRuns: 10 },
    );
  });
});
