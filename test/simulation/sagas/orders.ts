import { type Envelope, SPEC_VERSION } from '../../../lib/contracts/envelope/envelope.ts';
import type { Chance } from '../../../lib/testing/simulation/chance.ts';
import { OrderPlaced } from '../../scenarios/order-paid-or-not/events.ts';

/** Orders of one seed. */
export const ORDERS_PER_SEED = 50;
/** All are placed within this time. */
export const ORDERS_MS = 60_000;
const CARDS = ['good', 'good', 'declined', 'silent', 'late'] as const;
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

/** The event that places an order. A client that places it again does it under another id. */
export function placedEvent({ placedAt: _, ...data }: Order, time: number): Envelope {
  return {
    specversion: SPEC_VERSION,
    id: `${data.orderId}-${time}`,
    source: '/clients',
    type: OrderPlaced.versionedType,
    datacontenttype: 'application/json',
    data,
  };
}
