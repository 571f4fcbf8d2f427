import { expect, it } from 'vitest';
import * as z from 'zod';
import { createCatalog } from '../../../../lib/contracts/catalog.ts';
import { defineEvent, type EventContract } from '../../../../lib/contracts/define-event.ts';
import { CLOUDEVENTS_JSON, type Envelope } from '../../../../lib/contracts/envelope/envelope.ts';
import { createPublisher } from '../../../../lib/publishing/client/create-publisher.ts';
import { publishRequest } from '../../../../lib/publishing/http/publish-request.ts';
import { knownTypes, readEvent } from '../../../../lib/runtime/event/read-event.ts';
import { emittedEvent } from '../../../../lib/runtime/handling/emitted-event.ts';
import { recordOf } from '../../publish/record-of.ts';

/** As producers see it who have no types. */
const Rated: EventContract = defineEvent({
  type: 'tests.Rated',
  version: 1,
  description: 'Something has been rated.',
  data: z.object({
    stars: z.int(),
    channel: z.enum(['web', 'store']).default('web'),
    by: z.object({ country: z.string().default('DE') }).prefault({}),
  }),
});
/** Without what has a default, and with what the contract does not name. */
const GIVEN = { stars: 5, extra: true };
const event = { specversion: '1.0', id: '1', source: '/tests', type: 'tests.Rated.v1', data: GIVEN } as const;

it('the HTTP door sends on the data as it was given', async () => {
  const published: Envelope[] = [];
  const publish = async (events: readonly Envelope[]) => {
    published.push(...events);
    return events.map(() => ({ status: 'published', messageId: 'm' }) as const);
  };
  const { response } = await publishRequest(
    { catalog: createCatalog([Rated]), publisher: { maxEventBytes: 262_144, publish } },
    {
      headers: { 'content-type': CLOUDEVENTS_JSON },
      body: JSON.stringify(event),
      isBase64Encoded: false,
    },
    new AbortController().signal,
  );
  expect(response.statusCode).toBe(202);
  expect(published.map(({ data }) => data)).toEqual([GIVEN]);
});

it('the typed publisher sends the data as it was given', async () => {
  const bodies: string[] = [];
  const fetch = async (_: unknown, { body }: RequestInit = {}): Promise<Response> => {
    bodies.push(String(body));
    return new Response('{}', { status: 202 });
  };
  await createPublisher({ url: 'http://127.0.0.1', source: '/tests', fetch }).publish(Rated, GIVEN);
  expect(bodies.map((body) => JSON.parse(body).data ?? JSON.parse(body)[0].data)).toEqual([GIVEN]);
});

it('what a consumer emits is the data as it was given', () => {
  const { data } = emittedEvent({
    contract: Rated,
    data: GIVEN,
    options: {},
    consumer: 'tests',
    parent: event,
    position: 0,
    now: 0,
  });
  expect(data).toEqual(GIVEN);
});

it('the handler gets what its contract makes of it', () => {
  const { event: read } = readEvent(recordOf(JSON.stringify(event)), knownTypes([Rated]));
  expect(read.data).toEqual({ stars: 5, channel: 'web', by: { country: 'DE' } });
});
