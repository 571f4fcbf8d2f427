import type { DataOf } from 'fanfare/contracts';
import type { OrderPlaced, StockReceived } from '../../events/shop.ts';
import openingEvents from './opening-stock.json' with { type: 'json' };

/** A structured CloudEvent as a client posts it. */
export interface DemoEvent {
  readonly specversion: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly data: DataOf<typeof OrderPlaced> | DataOf<typeof StockReceived>;
}

export interface DemoOrder extends DemoEvent {
  readonly data: DataOf<typeof OrderPlaced>;
}

const CATALOGUE = ['espresso-beans', 'filter-beans', 'grinder', 'kettle', 'scale'] as const;
/** There is too little of this one on purpose, so that some orders are turned down. */
export const SCARCE_SKU = 'signed-mug';
export const SCARCE_QUANTITY = 5;

/** The mail address that SES refuses here: its order is the one that ends as a dead letter. */
export const REFUSED_ADDRESS = 'nobody@undeliverable.example';

/** What the warehouse has when it opens, which `npm start` publishes too. Always the same event, so that it counts once. */
export function openingStock(): DemoEvent {
  const [event]: readonly DemoEvent[] = openingEvents;
  if (!event) throw new Error('opening-stock.json has no event');
  return event;
}

/** Makes orders, always the same for the same count: every twentieth wants the scarce SKU, the last is poison. */
export function makeOrders(count: number): DemoOrder[] {
  return Array.from({ length: count }, (_, index) => makeOrder(index, index === count - 1));
}

function makeOrder(index: number, poison: boolean): DemoOrder {
  const orderId = `order-${String(index + 1).padStart(4, '0')}`;
  const scarce = index % 20 === 7;
  const sku = CATALOGUE[index % CATALOGUE.length] ?? CATALOGUE[0];
  const lines = [{ sku, quantity: 1 + (index % 3) }, ...(scarce ? [{ sku: SCARCE_SKU, quantity: 1 }] : [])];
  const customerId = `customer-${(index % 40) + 1}`;
  return {
    specversion: '1.0',
    id: orderId,
    source: '/shop/checkout',
    type: 'shop.OrderPlaced.v1',
    subject: orderId,
    data: {
      orderId,
      customerId,
      email: poison ? REFUSED_ADDRESS : `${customerId}@example.com`,
      currency: 'EUR',
      totalMinor: 1990 * lines.length,
      lines,
    },
  };
}
