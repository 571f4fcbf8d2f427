import * as events from '../../../events/index.ts';
import { publishRequest } from '../../../lambdas/publish/publish-request.ts';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import type { Envelope } from '../../../lib/contracts/envelope.ts';
import { MAX_MESSAGE_BYTES } from '../../../lib/runtime/publish-chunks.ts';
import type { PublishOutcome } from '../../../lib/runtime/publisher.ts';

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
) {
  const published: Envelope[] = [];
  const publisher = {
    maxEventBytes,
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
