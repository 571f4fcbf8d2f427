import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { checkEvents } from '../../../lib/publishing/http/check-events.ts';
import { RequestError } from '../../../lib/publishing/http/problem-response.ts';
import { MAX_MESSAGE_BYTES } from '../../../lib/publishing/topic/publish-chunks.ts';

const first = z.object({ orderId: z.string() });
const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 2,
  description: 'An order.',
  data: z.object({ orderId: z.string(), channel: z.string() }),
  earlier: [{ version: 1, data: first, upcast: (data) => ({ ...data, channel: 'web' }) }],
});
const OrderShipped = defineEvent({
  type: 'shop.OrderShipped',
  version: 1,
  description: 'Gone.',
  data: first,
});
const rules = {
  catalog: createCatalog([OrderPlaced, OrderShipped]),
  maxEventBytes: MAX_MESSAGE_BYTES,
  stamp: (one: Envelope) => one,
};

const event = (type: string, data: object = { orderId: '1', channel: 'web' }) => ({
  specversion: '1.0',
  id: '1',
  source: '/shop',
  type,
  data,
});

function problemsOf(...events: readonly unknown[]): readonly string[] {
  try {
    checkEvents(events, rules);
    return [];
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return error.mistakes.errors.map(({ index, pointer }) => `${index}${pointer}`);
  }
}

describe('every version that the catalog knows can be published', () => {
  it('and is checked against its own data', () => {
    expect(problemsOf(event('shop.OrderPlaced.v1', { orderId: '1' }))).toEqual([]);
    expect(problemsOf(event('shop.OrderPlaced.v2', { orderId: '1' }))).toEqual(['0/data/channel']);
  });

  it('as it was sent: nobody but the consumers takes it to another version', () => {
    const old = event('shop.OrderPlaced.v1', { orderId: '1', extra: true });
    expect(checkEvents([old], rules)).toEqual([old]);
  });

  it('and another is refused by name', () => {
    expect(() => checkEvents([event('shop.OrderPlaced.v3')], rules)).toThrow(
      expect.objectContaining({
        mistakes: expect.objectContaining({
          errors: [
            expect.objectContaining({
              detail:
                "is 'shop.OrderPlaced.v3', which the bus does not know; it knows shop.OrderPlaced.v2, shop.OrderPlaced.v1",
            }),
          ],
        }),
      }),
    );
  });
});

describe('one id in a request', () => {
  it('may be there in several versions: that is one fact for old and new consumers', () => {
    expect(problemsOf(event('shop.OrderPlaced.v1'), event('shop.OrderPlaced.v2'))).toEqual([]);
  });

  it('may not be there in the same version twice, nor for another event', () => {
    const [one, two] = [event('shop.OrderPlaced.v1'), event('shop.OrderPlaced.v2')];
    expect(problemsOf(one, two, one)).toEqual(['0/id', '1/id', '2/id']);
    expect(problemsOf(one, event('shop.OrderShipped.v1'))).toEqual(['0/id', '1/id']);
  });

  it('is looked at even where the type is no string', () => {
    const odd = { ...event(''), type: { toString: 1, valueOf: 1 } };
    expect(problemsOf(odd, odd)).toEqual(expect.arrayContaining(['0/id', '1/id']));
  });
});
