import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../lib/aws/clock.ts';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { PermanentError } from '../../../lib/runtime/errors.ts';
import { putEvent } from '../../../lib/runtime/event-bridge/put-event.ts';
import { entryOf } from '../../../lib/runtime/event-bridge/to-event-bridge.ts';

const BUS = 'arn:aws:events:eu-west-1:111122223333:event-bus/partners';
const event: Envelope = {
  specversion: '1.0',
  id: 'e1',
  source: '/shop',
  type: 'shop.OrderPlaced.v2',
  time: '2026-07-01T12:00:00Z',
  data: { orderId: 'o1' },
};

let server: Server | undefined;
afterEach(() => server?.close());

/** Puts the event on a server that gives this answer, and returns what the server was asked. */
async function putOn(status: number, answer: string) {
  const asked: { headers: IncomingMessage['headers']; body: string }[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    asked.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(status).end(answer);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const caller = {
    region: 'eu-west-1',
    credentials: async () => ({ accessKeyId: 'key', secretAccessKey: 'secret' }),
    environment: { AWS_ENDPOINT_URL_EVENTBRIDGE: `http://127.0.0.1:${port}` },
    clock: systemClock,
  };
  const entry = entryOf(event, BUS, 'fanfare.shop.dev');
  const result = await putEvent(entry, caller, AbortSignal.timeout(5_000)).catch((error: Error) => error);
  return { result, asked };
}

const entryAnswer = (entry: object) => JSON.stringify({ FailedEntryCount: 1, Entries: [entry] });

describe('an event that EventBridge does not take', () => {
  it.each([
    [200, entryAnswer({ ErrorCode: 'MalformedDetail', ErrorMessage: 'no' })],
    [200, entryAnswer({ ErrorCode: 'InvalidArgument' })],
    [200, entryAnswer({ ErrorCode: 'RedactionFailure' })],
    [400, JSON.stringify({ __type: 'com.amazonaws.events#ValidationException', message: 'too large' })],
  ])('is refused for good: %i %s', async (status, answer) => {
    const { result } = await putOn(status, answer);
    expect(result).toBeInstanceOf(PermanentError);
    expect(String(result)).toContain(`EventBridge did not take shop.OrderPlaced.v2 on ${BUS}: `);
  });

  it.each([
    [
      200,
      entryAnswer({ ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' }),
      'ThrottlingException: slow down',
    ],
    [200, entryAnswer({ ErrorCode: 'InternalFailure' }), 'InternalFailure: it gave no reason'],
    [200, entryAnswer({ ErrorCode: 'NotAuthorizedForSourceException' }), 'NotAuthorizedForSourceException'],
    [200, entryAnswer({}), 'its answer has no id'],
    [200, '{}', 'its answer has no id'],
    [200, '<html>', 'its answer has no id'],
    [
      400,
      JSON.stringify({ __type: 'AccessDeniedException', Message: 'not yet' }),
      '400 AccessDeniedException: not yet',
    ],
    [500, '<html>', '500'],
  ])('is tried again: %i %s', async (status, answer, reason) => {
    const { result } = await putOn(status, answer);
    expect(result).toBeInstanceOf(Error);
    expect(result).not.toBeInstanceOf(PermanentError);
    expect(String(result)).toContain(reason);
  });
});

describe('an event that EventBridge takes', () => {
  it('is one signed request with one entry', async () => {
    const { result, asked } = await putOn(200, JSON.stringify({ Entries: [{ EventId: 'eb-1' }] }));
    expect(result).toBe('eb-1');
    expect(asked).toHaveLength(1);
    const [{ headers, body } = expect.fail()] = asked;
    expect(headers).toMatchObject({
      'x-amz-target': 'AWSEvents.PutEvents',
      'content-type': 'application/x-amz-json-1.1',
      authorization: expect.stringContaining('/eu-west-1/events/aws4_request'),
    });
    expect(JSON.parse(body)).toEqual({
      Entries: [
        {
          EventBusName: BUS,
          Source: 'fanfare.shop.dev',
          DetailType: 'shop.OrderPlaced.v2',
          Detail: JSON.stringify(event),
          Time: 1_782_907_200,
        },
      ],
    });
  });
});

describe('the entry of an event', () => {
  const detailOf = (changed: object) =>
    JSON.parse(entryOf({ ...event, ...changed }, BUS, 'fanfare.shop.dev').Detail);

  it('has who has published it, and nothing that is for consumers of the bus alone', () => {
    const inside = { upcastfrom: 'shop.OrderPlaced.v1', datadigest: 'd', datasize: 7, datasha256: 's' };
    const resolve = () => Promise.resolve();
    expect(detailOf({ ...inside, producer: 'web', resolve, dataschema: undefined })).toEqual({
      ...event,
      producer: 'web',
    });
  });

  it.each([
    [undefined, undefined],
    ['not a trace', undefined],
    [
      '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01',
      'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
    ],
    [
      '00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-02',
      'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0',
    ],
  ])('with the traceparent %s has the trace header %s', (traceparent, header) => {
    expect(entryOf({ ...event, traceparent }, BUS, 'fanfare.shop.dev').TraceHeader).toBe(header);
  });

  it('has no time when the event has none', () => {
    expect(entryOf({ ...event, time: undefined }, BUS, 'fanfare.shop.dev')).not.toHaveProperty('Time');
  });
});
