import type { Message } from '@aws-sdk/client-sqs';
import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { asyncApiDocument } from '../../../lib/contracts/documents/async-api.ts';
import { createPublisher } from '../../../lib/publishing/client/create-publisher.ts';
import { emittedEvent } from '../../../lib/runtime/handling/emitted-event.ts';
import { Anything, asyncApi, contents, contracts, info, Measured, openApi, TreeGrown } from './contracts.ts';
import { type Door, openDoor } from './door.ts';
import { Generator } from './generate.ts';
import { Judge } from './judge.ts';
import { MODES, requestOf } from './requests.ts';

/** Events that are published: more of them with DOCUMENT_RUNS=20000. */
const RUNS = Number(process.env.DOCUMENT_RUNS ?? 100);
const judge = new Judge(openApi);
const generator = new Generator({ ...openApi }, (schema, value) => judge.keeps(schema, value));
const versionedTypes = contracts.flatMap(({ versions }) =>
  versions.map(({ versionedType }) => versionedType),
);
const events = fc.oneof(
  ...versionedTypes.map((type) => generator.values({ $ref: `#/components/schemas/${type}` })),
);
/** As a generator of code makes a consumer: by draft 7 of JSON Schema, formats too. */
const ajv = new Ajv.default({ strict: false });
addFormats.default(ajv);
ajv.addSchema(asyncApi, 'bus');
const validators = new Map<string, ValidateFunction>();
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

/** What a generated consumer has against a message: against its body and its attributes, by the message of its type. */
function mistakesOf({ Body = '', MessageAttributes = {} }: Message): readonly unknown[] {
  const event = JSON.parse(Body);
  const headers = Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
  );
  const type = String(headers.type);
  return [
    ...errorsOf(`#/components/messages/${type}/payload`, event),
    ...errorsOf(`#/components/messages/${type}/headers`, headers),
    ...(JSON.parse(`"${headers.subject ?? ''}"`) === (event.subject ?? '') ? [] : ['the subject is another']),
  ];
}

function errorsOf(pointer: string, value: unknown): readonly unknown[] {
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `bus${pointer}` });
  validators.set(pointer, validate);
  return validate(value) ? [] : (validate.errors ?? []);
}

async function expectAllReadable(count: number): Promise<readonly Message[]> {
  const messages = await door.receiveAll();
  expect(messages).toHaveLength(count);
  for (const message of messages)
    expect({ body: message.Body, mistakes: mistakesOf(message) }).toMatchObject({ mistakes: [] });
  return messages;
}

describe('a consumer that is generated from the document', () => {
  it('takes whatever the door lets through', async () => {
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(events, fc.constantFrom(...MODES), async (event, mode) => {
        const { status } = await door.send(requestOf(mode, event));
        if (status === 202) sent++;
      }),
      { numRuns: RUNS },
    );
    expect(sent).toBeGreaterThan(RUNS / 2);
    await expectAllReadable(sent);
  });

  it('takes events whose data was too large for a message, of every contract', async () => {
    const large = 'x'.repeat(300_000);
    const tree = { name: large, children: [] };
    const examples = fc.sample(generator.values({ $ref: '#/components/schemas/test.Measured.v1.data' }), {
      numRuns: 1,
      seed: 1,
    });
    const all: readonly (readonly [string, unknown])[] = [
      ['test.Anything.v1', [large]],
      ['garden.TreeGrown.v1', { tree }],
      ['garden.TreeGrown.v2', { tree, height: 1 }],
      ['test.Measured.v1', { ...Object(examples[0]), note: large }],
    ];
    for (const [type, data] of all) {
      const event = { specversion: '1.0', source: '/test', type, partitionkey: 'one', data };
      expect(await door.send(requestOf('structured', event))).toMatchObject({ status: 202 });
    }
    const messages = await expectAllReadable(all.length);
    for (const { Body = '' } of messages) {
      expect(JSON.parse(Body)).toMatchObject({
        dataref: expect.stringMatching(/^s3:/),
        datasize: expect.any(Number),
      });
      expect(JSON.parse(Body)).not.toHaveProperty('data');
    }
  });

  it('takes what other publishers put on the topic: the typed one, and a handler that emits', async () => {
    const published: object[] = [];
    const publisher = createPublisher({
      url: 'http://127.0.0.1',
      source: '/test',
      fetch: async (_, { headers = {}, body } = {}) => {
        const request = {
          headers: Object.fromEntries(new Headers(headers)),
          body: Buffer.from(String(body)),
        };
        const answer = await door.send(request);
        published.push(request);
        return Response.json(answer.body, { status: answer.status });
      },
    });
    await publisher.publish(
      Anything,
      { a: [1.5, 'ä'] },
      { subject: '12" vinyl, C:\\music', partitionkey: '!~' },
    );
    const parent = { specversion: '1.0', id: 'p', source: '/test', type: 'test.Anything.v1' } as const;
    const emission = { consumer: 'gardener', parent, position: 0, now: 0, options: { subject: 'é"' } };
    const data = { tree: { name: 'oak', children: [] }, height: 1 };
    const outcomes = await door.publisher.publish([emittedEvent({ ...emission, contract: TreeGrown, data })]);
    expect(outcomes).toMatchObject([{ status: 'published' }]);
    await expectAllReadable(2);
  });

  it('finds the partitionkey in the message group, where the document says', async () => {
    const fifo = await openDoor(contracts, { fifo: true });
    for (const partitionkey of ['a', '!"#~']) {
      const event = { specversion: '1.0', source: '/test', type: 'test.Anything.v1', partitionkey };
      expect(await fifo.send(requestOf('structured', event))).toMatchObject({ status: 202 });
    }
    const messages = await fifo.receiveAll();
    await fifo.stop();
    const groups = messages.map(({ Attributes, Body = '' }) => [
      Attributes?.MessageGroupId,
      JSON.parse(Body).partitionkey,
    ]);
    for (const [document, attribute] of [
      [asyncApi, 'tenant'],
      [asyncApiDocument(info, { ...contents, fifo: true }), 'partitionkey'],
    ] as const) {
      expect(document).toMatchObject({
        components: {
          messages: { 'test.Anything.v1': { 'x-message-group-id': `$message.payload#/${attribute}` } },
        },
      });
    }
    expect(groups).toEqual([
      ['a', 'a'],
      ['!"#~', '!"#~'],
    ]);
  });

  it('refuses what no door lets through', () => {
    const event = { specversion: '1.0', id: '1', source: '/test', type: 'test.Measured.v1' };
    const link = { dataref: 's3://bus-data/events/a/b', datasize: 1, datasha256: 'a'.repeat(64) };
    for (const wrong of [
      {},
      link,
      { data: null },
      { ...link, data: {} },
      { dataref: 'https://garden.example.com/1' },
    ]) {
      expect(errorsOf('#/components/messages/test.Measured.v1/payload', { ...event, ...wrong })).not.toEqual(
        [],
      );
    }
    expect(Measured.links).toEqual([]);
  });
});
