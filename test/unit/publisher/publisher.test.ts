import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../lib/aws/clock.ts';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { MAX_EVENTS, MAX_REQUEST_BYTES } from '../../../lib/contracts/envelope/request-limits.ts';
import { createPublisher } from '../../../lib/publishing/client/create-publisher.ts';
import { InvalidEventError, PublishError } from '../../../lib/publishing/client/errors.ts';
import { publishRequest } from '../../../lib/publishing/http/publish-request.ts';
import { MAX_MESSAGE_BYTES } from '../../../lib/publishing/topic/publish-chunks.ts';
import { OrderPlaced, StockReceived } from '../../apps/orders/events/index.ts';
import { data } from '../publish/shop-door.ts';

type Headers = Readonly<Record<string, string>>;
/** What the server does with a request; nothing breaks the connection. */
type Answer = { readonly status: number; readonly body?: object; readonly headers?: Headers } | undefined;
interface Received {
  readonly method: string | undefined;
  readonly contentType: string | undefined;
  readonly bytes: number;
  readonly events: readonly Envelope[];
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A publisher to a server that answers as it is told, with pauses that only the books know. */
async function start(answer: (received: Received, turn: number) => Answer | Promise<Answer>) {
  const received: Received[] = [];
  const pauses: number[] = [];
  server = createServer(async (request, response) => {
    const latest = await read(request);
    const said = await answer(latest, received.push(latest));
    if (!said) response.destroy();
    else response.writeHead(said.status, said.headers).end(JSON.stringify(said.body ?? {}));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const clock = {
    ...systemClock,
    sleep: async (milliseconds: number) => void pauses.push(milliseconds),
  };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    publisher: createPublisher({ url, source: '/test', clock, random: () => 1 }),
    url,
    received,
    pauses,
  };
}

async function read(request: IncomingMessage): Promise<Received> {
  const body = await text(request);
  return {
    method: request.method,
    contentType: request.headers['content-type'],
    bytes: Buffer.byteLength(body),
    events: [JSON.parse(body)].flat(),
  };
}

const accepted: Answer = { status: 202 };
/** What the door itself answers when the topic takes only some events. */
async function door(events: readonly Envelope[], takes: (id: string) => boolean): Promise<Answer> {
  const { response } = await publishRequest(
    {
      catalog: createCatalog([OrderPlaced, StockReceived]),
      publisher: {
        maxEventBytes: MAX_MESSAGE_BYTES,
        publish: async (all) =>
          all.map(({ id }) =>
            takes(id)
              ? { status: 'published', messageId: 'm' }
              : { status: 'failed', code: 'Throttled', message: 'slow down', retryable: true },
          ),
      },
    },
    {
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: JSON.stringify(events),
      isBase64Encoded: false,
    },
    new AbortController().signal,
  );
  const headers = response.headers as Headers;
  return { status: response.statusCode ?? 0, headers, body: JSON.parse(response.body ?? '{}') };
}

async function failureOf(work: Promise<unknown>): Promise<PublishError> {
  const error = await work.catch((reason: unknown) => reason);
  if (!(error instanceof PublishError)) throw new Error(`no PublishError: ${String(error)}`);
  return error;
}

describe('publish', () => {
  it('posts a CloudEvent and returns what identifies it', async () => {
    const { publisher, received } = await start(() => accepted);
    const published = await publisher.publish(OrderPlaced, data, { subject: 'o-1', partitionkey: 'c-1' });
    expect(received).toMatchObject([
      {
        method: 'POST',
        contentType: 'application/cloudevents+json',
        events: [
          { ...published, specversion: '1.0', subject: 'o-1', partitionkey: 'c-1', data, source: '/test' },
        ],
      },
    ]);
    expect(published).toMatchObject({ source: '/test', type: 'shop.OrderPlaced.v1' });
  });

  it('refuses wrong data at compile time and at run time, by pointer, and sends nothing', async () => {
    const { publisher, received } = await start(() => accepted);
    // @ts-expect-error an order has a total
    const missing = publisher.publish(OrderPlaced, { ...data, totalMinor: undefined });
    await expect(missing).rejects.toThrow(InvalidEventError);
    await expect(missing).rejects.toMatchObject({ problems: [{ pointer: '/data/totalMinor' }] });
    // @ts-expect-error the data of another event
    await expect(publisher.publish(StockReceived, data)).rejects.toThrow('/data/deliveryId');
    // @ts-expect-error no attribute of that name
    const unknown = publisher.publish(OrderPlaced, data, { Subject: 'o-1' });
    await expect(unknown).rejects.toThrow('/Subject');
    await expect(publisher.publish(OrderPlaced, data, { source: '' })).rejects.toThrow('/source');
    expect(received).toEqual([]);
  });

  it('takes the seconds after which an event comes, by its clock', async () => {
    const { url, received } = await start(() => accepted);
    const now = Date.UTC(2026, 0, 1);
    const publisher = createPublisher({ url, source: '/test', clock: { ...systemClock, now: () => now } });
    await publisher.publish(OrderPlaced, data, { in: 365 * 86_400 });
    expect(received[0]?.events).toMatchObject([
      { time: '2026-01-01T00:00:00.000Z', deliverat: '2027-01-01T00:00:00.000Z' },
    ]);
    expect(received[0]?.events[0]).not.toHaveProperty('in');
    await expect(publisher.publish(OrderPlaced, data, { in: 365 * 86_400 + 1 })).rejects.toThrow(
      '/deliverat is more than 365 days ahead',
    );
  });

  it.each<[object, string]>([
    [{ in: '500' }, "in is '500'; it is a number of seconds"],
    [{ in: null }, 'in is null; it is a number of seconds'],
    [{ in: Number.NaN }, 'in is NaN; it is a number of seconds'],
    [{ at: null }, 'at is null; it is a Date or a text such as 2026-12-31T12:00:00Z'],
    [{ at: 500 }, 'at is 500; it is a Date or a text such as 2026-12-31T12:00:00Z'],
    [{ at: [] }, 'at is a list; it is a Date or a text such as 2026-12-31T12:00:00Z'],
    [{ at: new Date(Number.NaN) }, 'at is an invalid Date'],
  ])('refuses the time of delivery %o, and sends nothing', async (options, reason) => {
    const { publisher, received } = await start(() => accepted);
    await expect(publisher.publish(OrderPlaced, data, options)).rejects.toThrow(
      new TypeError(`an event cannot come later: ${reason}`),
    );
    expect(received).toEqual([]);
  });

  it('checks what will be read from the wire, and keeps that', async () => {
    const { publisher } = await start(() => accepted);
    const given = { ...data, lines: [...data.lines] };
    const event = publisher.event(OrderPlaced, given);
    given.lines.length = 0;
    expect(event.data).toEqual(data);
  });

  it('refuses an event that is larger than the API takes', async () => {
    const { publisher, received } = await start(() => accepted);
    const subject = 'x'.repeat(5_500_000);
    await expect(publisher.publish(OrderPlaced, data, { subject })).rejects.toThrow(
      `at most ${MAX_REQUEST_BYTES}`,
    );
    expect(received).toEqual([]);
  });

  it('sends the same event again when the answer is lost', async () => {
    const { publisher, received, pauses } = await start((_, turn) => (turn < 3 ? undefined : accepted));
    const { id } = await publisher.publish(OrderPlaced, data);
    expect(received.map(({ events }) => events[0]?.id)).toEqual([id, id, id]);
    expect(received[2]?.events).toEqual(received[0]?.events);
    expect(pauses).toEqual([200, 400]);
  });

  it.each([429, 500, 502, 503, 504])('tries again after a %i, a bounded number of times', async (status) => {
    const { publisher, received } = await start(() => ({ status }));
    const failure = await failureOf(publisher.publish(OrderPlaced, data));
    expect(failure.retryable).toBe(true);
    expect(failure.message).toContain(`HTTP ${status}`);
    expect(received).toHaveLength(4);
  });

  it.each([301, 401, 403, 404])('does not try again after a %i', async (status) => {
    const { publisher, received } = await start(() => ({ status, headers: { location: '/elsewhere' } }));
    const failure = await failureOf(publisher.publish(OrderPlaced, data));
    expect(failure.retryable).toBe(false);
    expect(received).toHaveLength(1);
  });

  it('waits as long as Retry-After asks, but not longer than a call may take', async () => {
    const { publisher, received, pauses } = await start((_, turn) => ({
      status: 429,
      headers: { 'retry-after': turn === 1 ? '7' : '3600' },
    }));
    expect((await failureOf(publisher.publish(OrderPlaced, data))).retryable).toBe(true);
    expect(pauses).toEqual([7_200]);
    expect(received).toHaveLength(2);
  });
});

describe('an AbortSignal', () => {
  it('ends a request that is not answered, with its reason', async () => {
    const controller = new AbortController();
    const { publisher, received } = await start(() => {
      controller.abort(new Error('the shop is closed'));
      return new Promise(() => undefined);
    });
    await expect(publisher.publish(OrderPlaced, data, { signal: controller.signal })).rejects.toThrow(
      'the shop is closed',
    );
    expect(received).toHaveLength(1);
  });

  it('ends a pause, with its reason', async () => {
    const controller = new AbortController();
    const { url, received } = await start(() => ({ status: 503, headers: { 'retry-after': '30' } }));
    const sleep: typeof systemClock.sleep = (...args) => {
      setImmediate(() => controller.abort(new Error('the shop is closed')));
      return systemClock.sleep(...args);
    };
    const publisher = createPublisher({ url, source: '/test', clock: { ...systemClock, sleep } });
    await expect(publisher.publish(OrderPlaced, data, { signal: controller.signal })).rejects.toThrow(
      'the shop is closed',
    );
    expect(received).toHaveLength(1);
  });

  it('that has fired before lets nothing be sent', async () => {
    const { publisher, received } = await start(() => accepted);
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(publisher.publish(OrderPlaced, data, { signal })).rejects.toThrow('too late');
    expect(received).toEqual([]);
  });
});

describe('publishAll', () => {
  it('keeps the limit of events a request, in order', async () => {
    const { publisher, received } = await start(() => accepted);
    const events = Array.from({ length: 2 * MAX_EVENTS + 1 }, (_, index) =>
      publisher.event(OrderPlaced, data, { id: String(index) }),
    );
    const published = await publisher.publishAll(events);
    expect(received.map((request) => request.events.length)).toEqual([MAX_EVENTS, MAX_EVENTS, 1]);
    expect(received[0]?.contentType).toBe('application/cloudevents-batch+json');
    expect(published.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  });

  it('keeps the limit of bytes a request', async () => {
    const { publisher, received } = await start(() => accepted);
    const subject = 'x'.repeat(130_000);
    const events = Array.from({ length: 50 }, () => publisher.event(OrderPlaced, data, { subject }));
    await publisher.publishAll(events);
    expect(received.length).toBe(2);
    expect(received.filter(({ bytes }) => bytes > MAX_REQUEST_BYTES)).toEqual([]);
  });

  it('takes events of several contracts, and only those that were checked', async () => {
    const { publisher, received } = await start(() => accepted);
    await publisher.publishAll([
      publisher.event(OrderPlaced, data),
      publisher.event(StockReceived, { deliveryId: 'd-1', lines: data.lines }),
    ]);
    expect(received[0]?.events.map(({ type }) => type)).toEqual([
      'shop.OrderPlaced.v1',
      'shop.StockReceived.v1',
    ]);
    // @ts-expect-error nobody has checked it
    const unchecked = () => publisher.publishAll([{ specversion: '1.0', id: '1', source: '/', type: 'x' }]);
    expect(unchecked).toBeTypeOf('function');
    expect(await publisher.publishAll([])).toEqual([]);
  });

  it('sends again only what a 503 does not name as published', async () => {
    const { publisher, received, pauses } = await start(({ events }, turn) =>
      door(events, (id) => turn > 1 || id !== 'b'),
    );
    const events = ['a', 'b', 'c'].map((id) => publisher.event(OrderPlaced, data, { id }));
    await publisher.publishAll(events);
    expect(received.map((request) => request.events.map(({ id }) => id))).toEqual([['a', 'b', 'c'], ['b']]);
    expect(pauses).toEqual([1_200]);
  });

  it('has the result of each event when some could not be published, and sends no further request', async () => {
    const { publisher, received } = await start(({ events }) => door(events, (id) => id !== '1'));
    const events = Array.from({ length: MAX_EVENTS + 1 }, (_, index) =>
      publisher.event(OrderPlaced, data, { id: String(index) }),
    );
    const failure = await failureOf(publisher.publishAll(events));
    expect(failure.message).toContain(`2 of ${MAX_EVENTS + 1} events are not published`);
    expect(failure.retryable).toBe(true);
    const failed = failure.results.filter(({ outcome }) => outcome.status === 'failed');
    expect(failed.map(({ event, outcome }) => [event.id, 'code' in outcome && outcome.code])).toEqual([
      ['1', 'Throttled'],
      [String(MAX_EVENTS), 'NotSent'],
    ]);
    expect(received.map((request) => request.events.length)).toEqual([MAX_EVENTS, 1, 1, 1]);
  });

  it('names the event that the door refuses, by pointer, and that its neighbours were not sent', async () => {
    const { publisher, received } = await start(() => ({
      status: 400,
      body: { errors: [{ index: 1, id: 'b', pointer: '/data/lines', detail: 'is too short' }] },
    }));
    const events = ['a', 'b'].map((id) => publisher.event(OrderPlaced, data, { id }));
    const failure = await failureOf(publisher.publishAll(events));
    expect(failure.retryable).toBe(false);
    expect(failure.results.map(({ outcome }) => outcome)).toMatchObject([
      { status: 'failed', code: 'NotSent', retryable: true },
      { status: 'failed', retryable: false, problems: [{ pointer: '/data/lines', detail: 'is too short' }] },
    ]);
    expect(received).toHaveLength(1);
  });
});
