import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { createCatalog } from '../../lib/contracts/catalog.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import { CLOUDEVENTS_JSON, type Envelope } from '../../lib/contracts/envelope/envelope.ts';
import { InvalidEventError } from '../../lib/publishing/client/errors.ts';
import { newEvent } from '../../lib/publishing/client/new-event.ts';
import { publishRequest } from '../../lib/publishing/http/publish-request.ts';
import { createEventData } from '../../lib/runtime/event/event-data.ts';
import { fetchLink } from '../../lib/runtime/event/fetch-link.ts';
import { knownTypes, readEvent } from '../../lib/runtime/event/read-event.ts';
import { recordOf } from '../unit/publish/record-of.ts';

const HOST = 'reviews.example.com';
const GOOD = `https://${HOST}/reviews/1`;

/** Every one leads elsewhere, or is read differently by somebody. */
const TRICKS: Readonly<Record<string, string>> = {
  'another host': 'https://evil.example.com/reviews/1',
  'another path of the host': `https://${HOST}/admin`,
  'a path that begins alike': `https://${HOST}/reviews-of-others/1`,
  'a host that begins alike': `https://${HOST}.evil.example.com/reviews/1`,
  'plain http': `http://${HOST}/reviews/1`,
  'a user': `https://ada@${HOST}/reviews/1`,
  'a user and a password': `https://ada:secret@${HOST}/reviews/1`,
  'the host as a user': `https://${HOST}@evil.example.com/reviews/1`,
  'the host and a path as a user': `https://${HOST}%2Freviews%2F@evil.example.com/`,
  blob: `blob:https://${HOST}/reviews/1`,
  data: 'data:application/json,{}',
  file: 'file:///etc/passwd',
  javascript: 'javascript:0',
  'no scheme': `//${HOST}/reviews/1`,
  'a path alone': '/reviews/1',
  'the scheme in capitals': `HTTPS://${HOST}/reviews/1`,
  'the host in capitals': `https://REVIEWS.example.com/reviews/1`,
  backslashes: `https:\\\\${HOST}\\reviews\\1`,
  'a backslash in the path': `https://${HOST}/reviews/..\\admin`,
  'no slashes': `https:${HOST}/reviews/1`,
  'one slash': `https:/${HOST}/reviews/1`,
  'three slashes': `https:///${HOST}/reviews/1`,
  'a tab that parsers drop': `https://${HOST}/reviews/.\t./admin`,
  'a line break that parsers drop': `https://${HOST}/reviews/.\n./admin`,
  'a blank before it': ` ${GOOD}`,
  'a blank behind it': `${GOOD} `,
  'a dot behind the host': `https://${HOST}./reviews/1`,
  'the port that goes without saying': `https://${HOST}:443/reviews/1`,
  'another port': `https://${HOST}:8443/reviews/1`,
  'an empty port': `https://${HOST}:/reviews/1`,
  'full-width letters': `https://\uFF52eviews.example.com/reviews/1`,
  'a soft hyphen': `https://rev\u00ADiews.example.com/reviews/1`,
  'an encoded letter in the host': `https://%72eviews.example.com/reviews/1`,
  'another kind of dot': `https://reviews\u3002example.com/reviews/1`,
  'this machine': 'https://127.0.0.1/reviews/1',
  'this machine as a number': 'https://2130706433/reviews/1',
  'this machine in hexadecimal': 'https://0x7f000001/reviews/1',
  'this machine in octal': 'https://0177.0.0.1/reviews/1',
  'this machine, shortened': 'https://127.1/reviews/1',
  'this machine in IPv6': 'https://[::1]/reviews/1',
  'this machine as IPv4 in IPv6': 'https://[::ffff:127.0.0.1]/reviews/1',
  'the metadata service': 'http://169.254.169.254/latest/meta-data/',
  dots: `https://${HOST}/reviews/../admin`,
  'encoded dots': `https://${HOST}/reviews/%2e%2E/admin`,
  'an encoded slash': `https://${HOST}/reviews/..%2fadmin`,
  'an encoded backslash': `https://${HOST}/reviews/..%5Cadmin`,
  'dots encoded twice': `https://${HOST}/reviews/%252e%252e/admin`,
  'dots and a semicolon': `https://${HOST}/reviews/..;/admin`,
  'dots and an encoded semicolon': `https://${HOST}/reviews/..%3B/admin`,
  'two slashes': `https://${HOST}/reviews//admin`,
  'an encoded null': `https://${HOST}/reviews/1%00.json`,
  'dots in more bytes than they have': `https://${HOST}/reviews/%c0%ae%c0%ae/admin`,
  'a fragment': `${GOOD}#/admin`,
  'an empty fragment': `${GOOD}#`,
};

const links = [`https://${HOST}/reviews/`];
const Linked = defineEvent({
  type: 'test.ReviewPrinted',
  version: 1,
  description: 'Linked.',
  data: z.object({}),
  links,
});
const event = { specversion: '1.0', id: 'e', source: '/test', type: Linked.versionedType } as const;
const eventData = createEventData({ name: 'data', put: async () => undefined, get: async () => undefined });

/** The ways into the bus; each returns what is wrong with a link, or undefined when it is let through. */
const WAYS: Readonly<Record<string, (dataref: string) => Promise<string | undefined>>> = {
  'the HTTP API': (dataref) => post({ ...event, dataref }),
  'the HTTP API, with data beside it': (dataref) => post({ ...event, dataref, data: {} }),
  'a message': async (dataref) => refusal(() => read({ ...event, dataref })),
  'a message with data beside it': async (dataref) => refusal(() => read({ ...event, dataref, data: {} })),
  'a publisher without types': async (dataref) =>
    refusal(() => newEvent(Linked, {}, { source: '/test', ...{ dataref } })),
};

async function post(candidate: object): Promise<string | undefined> {
  const published: Envelope[] = [];
  const { response } = await publishRequest(
    {
      catalog: createCatalog([Linked]),
      publisher: {
        maxEventBytes: 262_144,
        publish: async (events) => {
          published.push(...events);
          return events.map(() => ({ status: 'published', messageId: 'm' }));
        },
      },
    },
    {
      headers: { 'content-type': CLOUDEVENTS_JSON },
      body: JSON.stringify(candidate),
      isBase64Encoded: false,
    },
    AbortSignal.timeout(10_000),
  );
  return published.length === 0 ? response.body : undefined;
}

const read = (message: object) => readEvent(recordOf(JSON.stringify(message)), knownTypes([Linked]));

function refusal(make: () => unknown): string | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    if (error instanceof InvalidEventError || error instanceof Error) return error.message;
    throw error;
  }
}

describe.each(Object.entries(WAYS))('by %s', (_, way) => {
  it.each([
    GOOD,
    `https://${HOST}/reviews/`,
    `${GOOD}?X-Amz-Signature=0a&of=a%2Fb`,
    `https://${HOST}/reviews/K%C3%B6ln-1.2_3~4`,
  ])('a link that keeps the contract passes: %s', async (link) => {
    expect(await way(link)).toBeUndefined();
  });

  it.each(Object.entries(TRICKS))('a link with %s is refused', async (_, link) => {
    expect(await way(link)).toMatch(/dataref/);
  });
});

it.each(Object.entries(TRICKS))(
  'nothing is fetched from a link with %s, had it come so far',
  async (_, link) => {
    const fetch = vi.spyOn(globalThis, 'fetch');
    await expect(
      eventData.follow({ ...event, dataref: link }, links, AbortSignal.timeout(10_000)),
    ).rejects.toMatchObject({ name: 'DataUnavailableError' });
    expect(fetch).not.toHaveBeenCalled();
    fetch.mockRestore();
  },
);

describe('a link', () => {
  let server: Server;
  let origin: string;
  let answer: (response: ServerResponse) => void = (response) => response.end();
  const requests: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(request.url ?? '');
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    requests.length = 0;
  });
  const follow = () =>
    eventData.follow({ ...event, dataref: `${origin}/1` }, [`${origin}/`], AbortSignal.timeout(10_000));

  it('to this machine is followed where AWS is on this machine too', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://127.0.0.1:4566');
    answer = (response) => response.end('{}');
    expect(await follow()).toEqual({});
  });

  it.each([undefined, '', 'https://s3.eu-west-1.amazonaws.com', 'https://127.0.0.1.example.com'])(
    'to this machine is not followed by a function on AWS, whose endpoint is %s',
    async (endpoint) => {
      vi.stubEnv('AWS_ENDPOINT_URL_S3', endpoint);
      vi.stubEnv('AWS_ENDPOINT_URL', undefined);
      await expect(follow()).rejects.toThrow('the contract allows no links');
      expect(requests).toEqual([]);
    },
  );

  it('whose answer trickles in ends in its own time, and may be tried again', async () => {
    let trickle: NodeJS.Timeout | undefined;
    answer = (response) => {
      response.writeHead(200);
      trickle = setInterval(() => response.write(' '), 10);
    };
    const fetching = fetchLink(`${origin}/1?X-Amz-Signature=secret`, AbortSignal.timeout(30_000), 100);
    await expect(fetching).rejects.toThrow(`${origin}/1?… has not sent a complete answer within 100 ms`);
    await expect(fetching).rejects.not.toMatchObject({ name: 'DataUnavailableError' });
    clearInterval(trickle);
  });

  it('that nobody answers ends in its own time', async () => {
    answer = () => undefined;
    await expect(fetchLink(`${origin}/1`, AbortSignal.timeout(30_000), 100)).rejects.toThrow(
      'has not sent a complete answer',
    );
  });

  it('is read no further than an event can be long, also when it is compressed', async () => {
    const { gzipSync } = await import('node:zlib');
    answer = (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000, ' ')));
    await expect(fetchLink(`${origin}/1`, AbortSignal.timeout(30_000))).rejects.toThrow(
      'more than 6000000 bytes',
    );
  });

  it('is not followed to where its answer sends it', async () => {
    answer = (response) => response.writeHead(307, { location: '/elsewhere' }).end();
    await expect(fetchLink(`${origin}/1`, AbortSignal.timeout(30_000))).rejects.toThrow('answers 307');
    expect(requests).toEqual(['/1']);
  });
});
