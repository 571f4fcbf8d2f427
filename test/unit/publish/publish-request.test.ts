import { describe, expect, it } from 'vitest';
import { readReceiptQuery } from '../../../lib/contracts/receipts/receipt-query.ts';
import type { PublishOutcome } from '../../../lib/publishing/topic/topic-publisher.ts';
import { BATCHED, data, order, publish, STRUCTURED } from './shop-door.ts';

describe('a request that is not accepted publishes nothing', () => {
  it.each([
    ['malformed JSON', '{"specversion":', STRUCTURED, 400],
    ['a body nested too deep', `{"data":${'['.repeat(70)}${']'.repeat(70)}}`, STRUCTURED, 400],
    ['a __proto__ key', '{"__proto__":{}}', STRUCTURED, 400],
    ['an empty batch', [], BATCHED, 400],
    ['a batch that is no list', order, BATCHED, 400],
    ['more events than a batch may have', Array.from({ length: 101 }, () => order), BATCHED, 413],
    ['a list in structured mode', [order], STRUCTURED, 400],
    ['no content type', order, '', 415],
    ['a charset that JSON does not have', order, `${STRUCTURED}; charset=iso-8859-1`, 415],
    ['plain JSON', order, 'application/json', 415],
    ['a request over the limit', `"${'x'.repeat(4_669_440)}"`, STRUCTURED, 413],
    ['an unknown type', { ...order, type: 'shop.OrderLost.v1' }, STRUCTURED, 400],
    ['an unknown version', { ...order, type: 'shop.OrderPlaced.v9' }, STRUCTURED, 400],
    ['data that breaks its contract', { ...order, data: { ...data, totalMinor: -1 } }, STRUCTURED, 400],
    ['no data', { ...order, data: undefined }, STRUCTURED, 400],
    ['a character that SQS refuses', { ...order, data: { ...data, orderId: '\uffff' } }, STRUCTURED, 400],
    ['data in base64', { ...order, data: undefined, data_base64: 'e30=' }, STRUCTURED, 400],
    ['data said to be something else', { ...order, datacontenttype: 'text/xml' }, STRUCTURED, 400],
    ['a number that would become null', '{"data":{"a":1e999}}', STRUCTURED, 400],
    ['the same event twice', [order, order], BATCHED, 400],
    ['an event too large for SNS', { ...order, padding: 'x'.repeat(262_144) }, STRUCTURED, 413],
  ])('%s', async (_, body, contentType, expected) => {
    const {
      status,
      published,
      headers,
      body: problem,
    } = await publish(body, { 'content-type': contentType });
    expect(status).toBe(expected);
    expect(published).toEqual([]);
    expect(headers?.['content-type']).toBe('application/problem+json');
    expect(problem).toMatchObject({ type: 'about:blank', status: expected, title: expect.any(String) });
  });

  it('names an id that is wrong once', async () => {
    const { body } = await publish({ ...order, id: 5 });
    expect(body.errors).toEqual([{ index: 0, pointer: '/id', detail: 'must be a non-empty string' }]);
  });

  it('names what is too large and what is invalid together', async () => {
    const large = { ...order, id: '2', padding: 'x'.repeat(262_144) };
    const { status, body } = await publish([large, { ...order, data: {} }], { 'content-type': BATCHED });
    expect(status).toBe(400);
    expect(new Set(body.errors.map(({ index }: { index: number }) => index))).toEqual(new Set([0, 1]));
  });

  it('names every mistake of every event by index, id and pointer', async () => {
    const bad = { ...order, id: '2', data: { ...data, email: 'nobody', lines: [] } };
    const { body } = await publish([order, bad, { id: '3' }], { 'content-type': BATCHED });
    expect(
      body.errors.map(({ index, id, pointer }: { index: number; id: string; pointer: string }) => [
        index,
        id,
        pointer,
      ]),
    ).toEqual([
      [1, '2', '/data/email'],
      [1, '2', '/data/lines'],
      [2, '3', '/specversion'],
      [2, '3', '/source'],
      [2, '3', '/type'],
    ]);
  });

  it('shows a hundred mistakes and counts the rest', async () => {
    const { body } = await publish(
      Array.from({ length: 60 }, () => ({})),
      { 'content-type': BATCHED },
    );
    expect(body.errors).toHaveLength(100);
    expect(body.moreErrors).toBeGreaterThan(0);
  });

  it('says the size and the limit of an event that is too large', async () => {
    const { body } = await publish({ ...order, padding: 'x'.repeat(262_144) });
    expect(body.errors[0].detail).toMatch(/has 26\d{4} bytes .* at most 262144/);
  });

  it('names the versions that it knows of an event', async () => {
    const { body } = await publish({ ...order, type: 'shop.OrderPlaced.v9' });
    expect(body.errors[0].detail).toContain('it knows shop.OrderPlaced.v1');
  });

  it.each(['', 'two words', 'x'.repeat(256), 'ä'])('an Idempotency-Key of "%s"', async (key) => {
    const { status, published } = await publish(order, {
      'content-type': STRUCTURED,
      'idempotency-key': key,
    });
    expect(status).toBe(400);
    expect(published).toEqual([]);
  });
});

describe('a topic that does not take everything', () => {
  const passing: PublishOutcome = { status: 'failed', code: 'Throttled', message: '', retryable: true };
  const other = { ...order, id: '2' };

  it('is a 503 with Retry-After and the result of each event', async () => {
    const { status, headers, body } = await publish([order, other], { 'content-type': BATCHED }, ({ id }) =>
      id === '2' ? passing : { status: 'published', messageId: 'm' },
    );
    expect(status).toBe(503);
    expect(headers?.['retry-after']).toBe('1');
    expect(body.events).toEqual([
      { index: 0, id: '1', source: '/shop', status: 'published' },
      { index: 1, id: '2', source: '/shop', status: 'failed', code: 'Throttled' },
    ]);
  });

  it('is a 502 when trying again would not help', async () => {
    const { status } = await publish(order, undefined, () => ({ ...passing, retryable: false }));
    expect(status).toBe(502);
  });
});

describe('a request that is accepted', () => {
  it('is a 202 with the ids, in structured mode', async () => {
    const { status, body, published } = await publish(order);
    expect(status).toBe(202);
    const identity = { id: '1', source: '/shop', type: 'shop.OrderPlaced.v1' };
    expect(body).toEqual({ events: [{ ...identity, receipt: expect.any(String) }] });
    expect(published[0]).toMatchObject(order);
  });

  it('has a link to the receipt of each event, which says all that is known of it', async () => {
    const before = Date.now();
    const { body } = await publish([order, { ...order, id: 'a/b?ü' }], { 'content-type': BATCHED });
    const queries = body.events.map(({ receipt }: { receipt: string }) => {
      const url = new URL(receipt, 'https://api.example.com');
      return readReceiptQuery(url.pathname, url.search.slice(1));
    });
    expect(queries).toEqual([
      { id: '1', source: '/shop', type: 'shop.OrderPlaced.v1', publishedAt: expect.any(Number) },
      { id: 'a/b?ü', source: '/shop', type: 'shop.OrderPlaced.v1', publishedAt: expect.any(Number) },
    ]);
    for (const { publishedAt } of queries) {
      expect(publishedAt).toBeGreaterThanOrEqual(before);
      expect(publishedAt).toBeLessThanOrEqual(Date.now());
    }
  });

  it('has the time of delivery in the link of an event that comes later', async () => {
    const ahead = new Date(Date.now() + 86_400_000).toISOString();
    const past = { ...order, id: '2', deliverat: '2020-01-01T00:00:00Z' };
    const { body } = await publish([{ ...order, deliverat: ahead }, past], { 'content-type': BATCHED });
    const [first, second] = body.events.map(({ receipt }: { receipt: string }) =>
      new URL(receipt, 'https://api.example.com').searchParams.get('deliver'),
    );
    expect([first, second]).toEqual([ahead, null]);
  });

  it('takes batches in their order', async () => {
    const { published } = await publish([order, { ...order, id: '2' }], {
      'content-type': `${BATCHED}; charset=utf-8`,
    });
    expect(published.map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('takes binary mode, percent-decoded, whatever the case of the headers', async () => {
    const { published } = await publish(data, {
      'Content-Type': 'application/json',
      'CE-SpecVersion': '1.0',
      'ce-id': '1',
      'ce-source': '/shop',
      'ce-type': 'shop.OrderPlaced.v1',
      'ce-subject': 'Euro%20%E2%82%AC',
    });
    expect(published[0]).toMatchObject({
      id: '1',
      subject: 'Euro €',
      datacontenttype: 'application/json',
      data,
    });
  });

  it('refuses binary mode with data that is not JSON', async () => {
    const { status } = await publish('<order/>', { 'content-type': 'text/xml', 'ce-specversion': '1.0' });
    expect(status).toBe(415);
  });

  it('fills in id, time, datacontenttype, correlationid and traceparent', async () => {
    const { published } = await publish({ ...order, id: undefined });
    const [event] = published;
    expect(event?.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(event?.correlationid).toBe(event?.id);
    expect(event?.datacontenttype).toBe('application/json');
    expect(Date.parse(event?.time ?? '')).not.toBeNaN();
    expect(event?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('gives a request with the same Idempotency-Key the same ids, and each of its events its own', async () => {
    const batch = [
      { ...order, id: undefined },
      { ...order, id: undefined },
    ];
    const headers = { 'content-type': BATCHED, 'idempotency-key': 'checkout-1' };
    const ids = async () => (await publish(batch, headers)).published.map(({ id }) => id);
    const first = await ids();
    expect(await ids()).toEqual(first);
    expect(new Set(first).size).toBe(2);
  });

  it.each([
    [
      'traceparent',
      '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      '0af7651916cd43dd8448eb211c80319c',
    ],
    ['x-amzn-trace-id', 'Root=1-63441c4a-abcdef012345678912345678', '63441c4aabcdef012345678912345678'],
  ])('carries on the trace of the header %s', async (header, value, traceId) => {
    const { published } = await publish(order, { 'content-type': STRUCTURED, [header]: value });
    expect(published[0]?.traceparent).toContain(traceId);
  });

  it('takes null attributes for absent ones, as the JSON format says', async () => {
    const { published, status } = await publish({ ...order, subject: null, time: null });
    expect(status).toBe(202);
    expect(published[0]).not.toHaveProperty('subject');
  });
});
