import { createCatalog } from '../../../lib/contracts/catalog.ts';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { publishRequest } from '../../../lib/publishing/http/publish-request.ts';
import { MAX_MESSAGE_BYTES } from '../../../lib/publishing/topic/publish-chunks.ts';
import type { PublishOutcome } from '../../../lib/publishing/topic/topic-publisher.ts';
import * as events from '../../apps/orders/events/index.ts';

const catalog = createCatalog(Object.values(events));
export const STRUCTURED = 'application/cloudevents+json';
export const BATCHED = 'application/cloudevents-batch+json';
export const data = {
  orderId: 'o-1',
  customerId: 'c-1',
  email: 'ada@example.com',
  currency: 'EUR',
  totalMinor: 1990,
  lines: [{ sku: 'kettle', quantity: 1 }],
};
export const order = { specversion: '1.0', id: '1', source: '/shop', type: 'shop.OrderPlaced.v1', data };

/** A body that is a Buffer arrives in base64, as API Gateway sends what it takes for binary. Publishes to a topic that answers as it is told; by default it takes everything. */
export async function publish(
  body: unknown,
  headers: Record<string, string> = { 'content-type': STRUCTURED },
  answer: (event: Envelope) => PublishOutcome = () => ({ status: 'published', messageId: 'm' }),
  maxEventBytes = MAX_MESSAGE_BYTES,
  fifo = false,
) {
  const published: Envelope[] = [];
  const publisher = {
    maxEventBytes,
    fifo,
    publish: async (all: readonly Envelope[]) => {
      published.push(...all);
      return all.map(answer);
    },
  };
  const request = {
    headers,
    body: Buffer.isBuffer(body)
      ? body.toString('base64')
      : typeof body === 'string'
        ? body
        : JSON.stringify(body),
    isBase64Encoded: Buffer.isBuffer(body),
  };
  const { response, counts, notes } = await publishRequest(
    { catalog, publisher },
    request,
    new AbortController().signal,
  );
  return {
    published,
    counts,
    notes,
    status: response.statusCode,
    headers: response.headers,
    body: JSON.parse(response.body ?? '{}'),
  };
}
