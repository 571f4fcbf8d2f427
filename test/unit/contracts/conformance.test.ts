import { CloudEvent, HTTP, type Message } from 'cloudevents';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import {
  CLOUDEVENTS_BATCH_JSON,
  CLOUDEVENTS_JSON,
  checkEnvelope,
  type Envelope,
  serializeEnvelope,
} from '../../../lib/contracts/envelope/envelope.ts';
import { createPublisher } from '../../../lib/publishing/client/create-publisher.ts';
import { publishRequest } from '../../../lib/publishing/http/publish-request.ts';
import { MAX_MESSAGE_BYTES } from '../../../lib/publishing/topic/publish-chunks.ts';

const Anything = defineEvent({
  type: 'test.Anything',
  version: 1,
  description: 'Anything.',
  data: z.unknown(),
});
const catalog = createCatalog([Anything]);

/** Text that CloudEvents allows in attributes: no control characters, no half surrogates, no noncharacters. */
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((value) => !/[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u.test(value));
/** What a header can carry as it is. */
const plain = fc.stringMatching(/^[A-Za-z0-9_.,:;()/?-]{1,40}$/);
const json = fc
  .jsonValue({ maxDepth: 3 })
  .filter((value) => value !== null && !/__proto__|[\uFFFE\uFFFF]/.test(JSON.stringify(value)))
  // JSON has no negative zero.
  .map((value) => JSON.parse(JSON.stringify(value)));

/** Attributes of an event, with optional ones and extensions, of all types that CloudEvents has. */
const attributes = (string: fc.Arbitrary<string>) =>
  fc.record(
    {
      id: string,
      source: fc.webUrl(),
      subject: string,
      time: fc
        .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
      dataschema: fc.webUrl(),
      correlationid: string,
      myinteger: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      myboolean: fc.boolean(),
      mystring: string,
      data: json,
    },
    { requiredKeys: ['id', 'source', 'data', 'time', 'correlationid'] },
  );
type Attributes = typeof attributes extends (string: never) => fc.Arbitrary<infer Value> ? Value : never;

const sdkEvent = (given: Attributes): CloudEvent<unknown> =>
  new CloudEvent<unknown>({ type: 'test.Anything.v1', datacontenttype: 'application/json', ...given });

/** What the door publishes of a message that somebody sends; the traceparent and the producer that it adds are left out. */
async function publish({ headers, body }: Message): Promise<readonly Envelope[]> {
  const published: Envelope[] = [];
  const publisher = {
    maxEventBytes: MAX_MESSAGE_BYTES,
    publish: async (events: readonly Envelope[]) => {
      published.push(...events);
      return events.map(() => ({ status: 'published', messageId: 'm' }) as const);
    },
  };
  const strings = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  // API Gateway hands over what is not application/json in base64.
  const isBase64Encoded = /cloudevents/.test(String(headers['content-type']));
  const request = {
    headers: Object.fromEntries(strings),
    body: isBase64Encoded ? Buffer.from(String(body)).toString('base64') : String(body),
    isBase64Encoded,
  };
  const { response } = await publishRequest({ catalog, publisher }, request, new AbortController().signal);
  expect(response).toMatchObject({ statusCode: 202 });
  return published.map(({ traceparent: _trace, producer: _producer, ...event }) =>
    JSON.parse(serializeEnvelope(event)),
  );
}

const expected = (given: Attributes): object => ({
  specversion: '1.0',
  type: 'test.Anything.v1',
  datacontenttype: 'application/json',
  ...given,
});

describe('what the official SDK sends, the door reads', () => {
  it('in structured mode', async () => {
    await fc.assert(
      fc.asyncProperty(attributes(text), async (given) => {
        expect(await publish(HTTP.structured(sdkEvent(given)))).toEqual([expected(given)]);
      }),
    );
  });

  it('in batched mode', async () => {
    const several = fc.uniqueArray(attributes(text), {
      minLength: 1,
      maxLength: 5,
      selector: ({ id, source }) => `${source} ${id}`,
    });
    await fc.assert(
      fc.asyncProperty(several, async (all) => {
        const body = JSON.stringify(all.map(sdkEvent));
        const headers = { 'content-type': CLOUDEVENTS_BATCH_JSON };
        expect(await publish({ headers, body })).toEqual(all.map(expected));
      }),
    );
  });

  it('in binary mode, where every attribute is a string', async () => {
    await fc.assert(
      fc.asyncProperty(attributes(plain), async (given) => {
        // The SDK writes a text that is the data as it is, not as JSON; and it does not encode the percent signs of a URI.
        fc.pre(typeof given.data === 'object' && !`${given.source}${given.dataschema}`.includes('%'));
        const { myinteger, myboolean } = given;
        expect(await publish(HTTP.binary(sdkEvent(given)))).toEqual([
          {
            ...expected(given),
            ...(myinteger !== undefined && { myinteger: String(myinteger) }),
            ...(myboolean !== undefined && { myboolean: String(myboolean) }),
          },
        ]);
      }),
    );
  });

  it('with the percent-encoding that the binding demands and the SDK leaves out', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (id, subject) => {
        const headers = {
          'content-type': 'application/json',
          'ce-specversion': '1.0',
          'ce-type': 'test.Anything.v1',
          'ce-source': '/test',
          'ce-id': percentEncode(id),
          'CE-Subject': percentEncodeAll(subject),
        };
        const [event] = await publish({ headers, body: '{}' });
        expect(event).toMatchObject({ id, subject });
      }),
    );
  });
});

describe('what is put on the topic, the official SDK reads', () => {
  it('event by event', async () => {
    await fc.assert(
      fc.asyncProperty(attributes(text), async (given) => {
        // The SDK takes data that is false, 0 or '' for none.
        fc.pre(Boolean(given.data));
        const [event] = await publish(HTTP.structured(sdkEvent(given)));
        expect(bySdk({ headers: { 'content-type': CLOUDEVENTS_JSON }, body: JSON.stringify(event) })).toEqual(
          [expected(given)],
        );
      }),
    );
  });

  it('from the typed publisher, one or many in a request', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(json.filter(Boolean), { minLength: 1, maxLength: 4 }), async (all) => {
        const requests: Message[] = [];
        const publisher = createPublisher({
          url: 'http://127.0.0.1/events',
          source: '/test',
          fetch: async (_, { headers = {}, body } = {}) => {
            requests.push({ headers: Object.fromEntries(new Headers(headers)), body });
            const events = [JSON.parse(String(body))].flat();
            return Response.json({ events }, { status: 202 });
          },
        });
        const events = all.map((data) => publisher.event(Anything, data));
        await publisher.publishAll(events);
        expect(requests.flatMap(bySdk)).toEqual(JSON.parse(JSON.stringify(events)));
      }),
    );
  });
});

it('binary data, which the official SDK sends in base64, is no data of a contract, which is JSON', () => {
  const event = new CloudEvent({
    type: 'test.Anything.v1',
    source: '/test',
    data: new Uint8Array([0, 255, 7]),
  });
  const envelope = JSON.parse(String(HTTP.structured(event).body));
  expect(checkEnvelope(envelope).problems).toMatchObject([{ pointer: '/data_base64' }]);
});

/** What the SDK makes of a message. */
function bySdk(message: Message): readonly object[] {
  // The SDK gives one event or several, by the content type.
  return [HTTP.toEvent(message)].flat().map((event) => JSON.parse(JSON.stringify(event)));
}

/** @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3132-http-header-values */
function percentEncode(value: string): string {
  return [...value]
    .map((character) => (/^[!#$&-~]$/.test(character) ? character : encodeURIComponent(character)))
    .join('');
}

/** A sender may encode more than it has to. */
function percentEncodeAll(value: string): string {
  return [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}
