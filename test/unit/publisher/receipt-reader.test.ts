import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { createPublisher } from '../../../lib/publishing/client/create-publisher.ts';

const event = { id: 'a/b', source: '/shop', type: 'shop.OrderPlaced.v1', publishedAt: 0 };
const receipt = { id: 'a/b', source: '/shop', seen: true, settled: true, consumers: [] };

/** A publisher whose API gives these answers, one after the other. */
function publisherOf(answers: readonly (Response | Error)[], url = 'http://127.0.0.1:3000/events') {
  const asked: { url: string; method: string | undefined; authorization: string | null }[] = [];
  const pauses: number[] = [];
  const publisher = createPublisher({
    url,
    random: () => 1,
    clock: {
      now: () => 0,
      sleep: async (milliseconds) => {
        pauses.push(milliseconds);
      },
    },
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      asked.push({ url: String(input), method: init?.method, authorization: headers.get('authorization') });
      const answer = answers[asked.length - 1] ?? expect.fail('there is no answer more');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    ...(url.startsWith('https') && {
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
    }),
  });
  return { publisher, asked, pauses };
}

describe('a receipt that cannot be read', () => {
  it.each([
    [403, '{"message":"Forbidden"}', 'HTTP 403: Forbidden; the caller needs execute-api:Invoke, or a token'],
    [400, '{"detail":"the source of the event is missing"}', 'HTTP 400: the source of the event is missing'],
    [
      404,
      '{"message":"Not Found"}',
      'HTTP 404: Not Found; the bus has no receipts yet: deploy it, and then its consumers, with version 0.5 of Fanfare or a later one',
    ],
    [200, '{"hello":"world"}', 'the answer is no receipt; the URL may be of another API'],
  ])('with the answer %d is not asked for again', async (status, body, reason) => {
    const { publisher, asked } = publisherOf([new Response(body, { status })]);
    await expect(publisher.receipt(event)).rejects.toThrow(`the receipt of a/b cannot be read: ${reason}`);
    expect(asked).toHaveLength(1);
  });

  it('is asked for four times while the failure passes, with longer and longer pauses', async () => {
    const { publisher, pauses } = publisherOf([
      new Error('reset'),
      new Response('{}', { status: 503 }),
      new Response('{}', { status: 429 }),
      new Response('{"detail":"try again"}', { status: 503 }),
    ]);
    await expect(publisher.receipt(event)).rejects.toThrow('cannot be read: HTTP 503: try again');
    expect(pauses).toEqual([200, 400, 800]);
  });

  it('by a publisher that sends to the topic is refused', async () => {
    const publisher = createPublisher({ topicArn: 'arn:aws:sns:eu-central-1:111122223333:topic' });
    await expect(publisher.receipt(event)).rejects.toThrow('receipts are read over the HTTP API');
  });

  it('ends with the reason of the signal, also while the credentials do not come', async () => {
    const publisher = createPublisher({
      url: 'https://abc.execute-api.eu-central-1.amazonaws.com',
      credentials: () => new Promise(() => undefined),
    });
    const limit = new AbortController();
    const read = publisher.receipt(event, { signal: limit.signal });
    limit.abort(new Error('enough'));
    await expect(read).rejects.toThrow('enough');
  });

  it('is not asked for after the signal', async () => {
    const { publisher, asked } = publisherOf([Response.json(receipt)]);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(publisher.receipt(event, { signal })).rejects.toThrow('enough');
    expect(asked).toEqual([]);
  });

  it('ends with the reason of the signal', async () => {
    const { publisher } = publisherOf([new Error('aborted')]);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(publisher.receipt(event, { signal })).rejects.toThrow('enough');
  });
});

describe('a published event', () => {
  const Placed = defineEvent({
    type: 'shop.OrderPlaced',
    version: 1,
    description: 'A test event.',
    data: z.object({}),
  });
  const publish = (body: unknown) =>
    publisherOf([Response.json(body, { status: 202 }), Response.json({ ...receipt, id: '1' })]);
  const link = '/events/1?source=%2Fshop&type=shop.OrderPlaced.v1&published=2020-01-01T00%3A00%3A00.000Z';

  it('has the times of the link, so that its receipt is asked for with the clock of the API', async () => {
    const deliver = '&deliver=2020-02-01T00%3A00%3A00.000Z';
    const { publisher, asked } = publish({ events: [{ id: '1', receipt: link + deliver }] });
    const published = await publisher.publish(Placed, {}, { id: '1', source: '/shop' });
    expect(published).toEqual({
      id: '1',
      source: '/shop',
      type: 'shop.OrderPlaced.v1',
      publishedAt: Date.parse('2020-01-01T00:00:00Z'),
      deliverAt: Date.parse('2020-02-01T00:00:00Z'),
    });
    await publisher.receipt(published);
    expect(asked.at(-1)?.url).toBe(`http://127.0.0.1:3000${link}${deliver}`);
  });

  it.each([
    ['is of another event', { events: [{ id: '2', receipt: link }] }],
    ['has a time that is none', { events: [{ id: '1', receipt: link.replace('2020', 'soon') }] }],
    ['is no text', { events: [{ id: '1', receipt: 5 }] }],
    ['is not there', { events: [{ id: '1' }] }],
    ['has no list', 'accepted'],
  ])('has none when the link %s', async (_, body) => {
    const { publisher } = publish(body);
    expect(await publisher.publish(Placed, {}, { id: '1', source: '/shop' })).toEqual({
      id: '1',
      source: '/shop',
      type: 'shop.OrderPlaced.v1',
    });
  });
});

describe('a receipt', () => {
  it('is read by its link, below the path of the API', async () => {
    const { publisher, asked } = publisherOf([Response.json(receipt)], 'http://127.0.0.1:3000/stage/events');
    expect(await publisher.receipt(event)).toEqual(receipt);
    expect(asked).toEqual([
      {
        url: 'http://127.0.0.1:3000/stage/events/-?id=a%2Fb&source=%2Fshop&type=shop.OrderPlaced.v1&published=1970-01-01T00%3A00%3A00.000Z',
        method: undefined,
        authorization: null,
      },
    ]);
  });

  it('is asked for with a signature of the GET on AWS', async () => {
    const { publisher, asked } = publisherOf(
      [Response.json(receipt)],
      'https://abc.execute-api.eu-central-1.amazonaws.com',
    );
    await publisher.receipt(event);
    expect(asked[0]?.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKID\/\d+\/eu-central-1\/execute-api\//,
    );
  });
});
