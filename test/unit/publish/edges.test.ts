import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PublishOutcome } from '../../../lib/publishing/topic/topic-publisher.ts';
import { BATCHED, data, order, publish, STRUCTURED } from './shop-door.ts';

const BINARY = {
  'content-type': 'application/json',
  'ce-specversion': '1.0',
  'ce-id': '1',
  'ce-source': '/shop',
  'ce-type': 'shop.OrderPlaced.v1',
};

describe('an event that is there twice', () => {
  it('is named wherever it stands, and an event of another source with its id is not', async () => {
    const { status, body } = await publish([order, { ...order, source: '/other' }, order], {
      'content-type': BATCHED,
    });
    expect(status).toBe(400);
    expect(body.errors.map(({ index }: { index: number }) => index)).toEqual([0, 2]);
  });

  it('is named even when it breaks its contract too', async () => {
    const bad = { ...order, data: { ...data, totalMinor: -1 } };
    const { body } = await publish([order, bad], { 'content-type': BATCHED });
    expect(
      body.errors.map(({ index, pointer }: { index: number; pointer: string }) => [index, pointer]),
    ).toEqual([
      [1, '/data/totalMinor'],
      [0, '/id'],
      [1, '/id'],
    ]);
  });
});

describe('a body in base64', () => {
  it('is decoded', async () => {
    const { status, published } = await publish(Buffer.from(JSON.stringify(order)));
    expect(status).toBe(202);
    expect(published[0]).toMatchObject(order);
  });

  it('is refused when its bytes are no UTF-8, rather than changed', async () => {
    const text = JSON.stringify({ ...order, data: { ...data, orderId: 'oX' } });
    const bytes = Buffer.from(text);
    bytes[text.indexOf('oX') + 1] = 0xff;
    const { status, body, published } = await publish(bytes);
    expect(status).toBe(400);
    expect(body.detail).toContain('UTF-8');
    expect(published).toEqual([]);
  });
});

describe('binary mode', () => {
  it('names the attributes that are missing, specversion among them', async () => {
    const { status, body } = await publish(data, { 'content-type': 'application/json', 'ce-id': '1' });
    expect(status).toBe(400);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/specversion',
      '/source',
      '/type',
    ]);
  });

  it.each([
    ['application/json-seq', 415],
    ['application/xml', 415],
    ['', 415],
    ['application/json; charset=utf-16', 415],
    ['application/vnd.shop+json; charset=utf-8', 202],
    ['text/json', 202],
    ['Application/JSON', 202],
  ])('takes JSON only: %s is a %i', async (contentType, expected) => {
    expect((await publish(data, { ...BINARY, 'content-type': contentType })).status).toBe(expected);
  });

  it('refuses a header that is not percent-encoded', async () => {
    const { status, body } = await publish(data, { ...BINARY, 'ce-subject': '100%' });
    expect(status).toBe(400);
    expect(body.detail).toContain('ce-subject');
  });

  it('takes an empty body for no data, which the contract refuses and not the media type', async () => {
    const { 'content-type': _, ...attributes } = BINARY;
    const { status, body } = await publish('', attributes);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ index: 0, id: '1', pointer: '/data' }]);
  });

  it('refuses bytes that are not UTF-8, over-long forms among them', async () => {
    expect((await publish(data, { ...BINARY, 'ce-subject': '%C0%A0' })).status).toBe(400);
  });

  it('reads the quoted values of older senders', async () => {
    const { published } = await publish(data, { ...BINARY, 'ce-subject': '"a \\"b\\" c%20d"' });
    expect(published[0]?.subject).toBe('a "b" c d');
  });

  it('gets back whatever attribute was percent-encoded', async () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((value) => !/[\p{Cc}\p{NChar}]/u.test(value));
    await fc.assert(
      fc.asyncProperty(text, async (subject) => {
        const { published } = await publish(data, { ...BINARY, 'ce-subject': encodeURIComponent(subject) });
        expect(published[0]?.subject).toBe(subject);
      }),
    );
  });

  it('refuses data that is not JSON', async () => {
    expect((await publish('{"orderId":', BINARY)).status).toBe(400);
  });
});

describe('the trace of a request', () => {
  const traceparentOf = async (headers: Record<string, string>) =>
    (await publish(order, { 'content-type': STRUCTURED, ...headers })).published[0]?.traceparent;
  const root = 'Root=1-63441c4a-abcdef012345678912345678';
  const traceId = '63441c4aabcdef012345678912345678';

  it.each([
    [`${root};Parent=53995c3f42cd8ad8;Sampled=1`, `00-${traceId}-53995c3f42cd8ad8-01`],
    [`${root};Parent=53995c3f42cd8ad8;Sampled=0`, `00-${traceId}-53995c3f42cd8ad8-00`],
  ])('keeps the parent and the decision to sample of %s', async (header, expected) => {
    expect(await traceparentOf({ 'x-amzn-trace-id': header })).toBe(expected);
  });

  it.each(['00-00000000000000000000000000000000-b7ad6b7169203331-01', 'nonsense'])(
    'falls back to x-amzn-trace-id when traceparent is %s',
    async (traceparent) => {
      expect(await traceparentOf({ traceparent, 'x-amzn-trace-id': root })).toContain(traceId);
    },
  );

  it('is new when no header has one', async () => {
    expect(await traceparentOf({ 'x-amzn-trace-id': 'Root=1-x' })).toMatch(
      /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/,
    );
  });
});

describe('a topic that refuses an event for good', () => {
  const refused: PublishOutcome = {
    status: 'failed',
    code: 'InvalidParameter',
    message: 'no',
    retryable: false,
  };

  it('is a 502 that asks nobody to send the same again, and says nothing of what SNS said', async () => {
    const { status, headers, body } = await publish(order, undefined, () => refused);
    expect(status).toBe(502);
    expect(headers).not.toHaveProperty('retry-after');
    expect(body.detail).not.toMatch(/send them again/i);
    expect(body.events).toEqual([
      { index: 0, id: '1', source: '/shop', status: 'failed', code: 'InvalidParameter' },
    ]);
  });

  it('has the reasons of SNS in the log, each once, and the ids of the events', async () => {
    const { notes } = await publish(
      [order, { ...order, id: '2' }],
      { 'content-type': BATCHED },
      () => refused,
    );
    expect(notes).toMatchObject({
      events: [
        { eventId: '1', source: '/shop' },
        { eventId: '2', source: '/shop' },
      ],
      failures: ['InvalidParameter: no'],
    });
  });

  it('is counted by event', async () => {
    const { counts } = await publish([order, { ...order, id: '2' }], { 'content-type': BATCHED }, ({ id }) =>
      id === '2' ? refused : { status: 'published', messageId: 'm' },
    );
    expect(counts).toEqual({ published: 1, rejected: 0, failed: 1 });
  });
});
