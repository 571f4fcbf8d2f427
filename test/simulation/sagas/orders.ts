import { type Envelope, SPEC_VERSION } from '../../../lib/contracts/envelope/envelope.ts';
import type { Chance } from '../../../lib/testing/simulation/chance.ts';
import { OrderPlaced, PaymentAccepted } from '../../scenarios/order-paid-or-not/events.ts';

/** Orders of one seed. */
export const ORDERS_PER_SEED = 50;
/** All are placed within this time. */
export const ORDERS_MS = 60_000;
const CARDS = ['good', 'good', 'declined', 'silent', 'late', 'prepaid'] as const;
const ARTICLES = 4;

export interface Order {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
  readonly totalMinor: number;
  readonly card: (typeof CARDS)[number];
  /** Milliseconds after the beginning at which it is placed: twice when the client has sent it again, as another event. */
  readonly placedAt: readonly number[];
}

export function takeOrders(chance: Chance): readonly Order[] {
  return Array.from({ length: ORDERS_PER_SEED }, (_, index) => {
    const at = chance.between(0, ORDERS_MS);
    return {
      orderId: `o-${index}`,
      sku: `sku-${chance.below(ARTICLES)}`,
      quantity: 1 + chance.below(2),
      totalMinor: 100 + chance.below(900),
      card: CARDS[chance.below(CARDS.length)] ?? 'good',
      placedAt: chance.happens(0.2) ? [at, at + chance.between(0, 10_000)] : [at],
    };
  });
}

/** What clients publish of an order, and when: a client that places it again does it under another id. */
export function eventsOf({
  placedAt,
  ...data
}: Order): readonly { readonly at: number; readonly event: Envelope }[] {
  const { orderId, totalMinor, card } = data;
  const placed = placedAt.map((at, time) => ({
    at,
    event: envelope(`${orderId}-placed-${time}`, OrderPlaced.versionedType, data),
  }));
  if (card !== 'prepaid') return placed;
  // The payment can overtake the order: the saga does not exist yet, or does not wait for it yet.
  const payment = envelope(`${orderId}-paid`, PaymentAccepted.versionedType, { orderId, totalMinor });
  return [...placed, { at: placedAt[0] ?? 0, event: payment }];
}

function envelope(id: string, type: string, data: object): Envelope {
  return {
    specversion: SPEC_VERSION,
    id,
    source: '/clients',
    type,
    datacontenttype: 'application/json',
    data,
  };
}
