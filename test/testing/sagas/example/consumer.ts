import { defineSaga } from 'fanfare/contracts';
import * as z from 'zod';
import {
  OrderCancelled,
  OrderPlaced,
  PaymentAccepted,
  PaymentDeclined,
  PaymentRequested,
  PaymentTimedOut,
  RefundRequested,
  ShipmentRequested,
  StockRequested,
  StockReserved,
  StockReturnRequested,
} from './events.ts';

export const orders = defineSaga({
  name: 'orders',
  description: 'Leads an order until it is shipped or cancelled.',
  startedBy: [OrderPlaced],
  movedBy: [StockReserved, PaymentAccepted, PaymentDeclined],
  timeouts: { paying: [PaymentTimedOut] },
  emits: [
    StockRequested,
    StockReturnRequested,
    PaymentRequested,
    RefundRequested,
    ShipmentRequested,
    OrderCancelled,
  ],
  steps: ['reserving', 'paying'],
  ends: ['shipped', 'cancelled'],
  state: z.object({ totalMinor: z.int() }),
  correlate: 'orderId',
});
