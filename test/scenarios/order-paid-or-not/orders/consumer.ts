import * as z from 'zod';
import { defineSaga } from '../../../../lib/contracts/saga/define-saga.ts';
import {
  OrderCancelled,
  OrderPlaced,
  PaymentAccepted,
  PaymentDeclined,
  PaymentRequested,
  PaymentTimedOut,
  RefundRequested,
  ShipmentRequested,
  StockRefused,
  StockRequested,
  StockReserved,
  StockReturnRequested,
} from '../events.ts';

/** How long the bank may be silent, in seconds: short, because a test waits for it. */
export const PAYMENT_SECONDS = 6;

export const orders = defineSaga({
  name: 'orders',
  description: 'Leads an order until it is shipped or cancelled.',
  startedBy: [OrderPlaced],
  movedBy: [StockReserved, StockRefused, PaymentAccepted, PaymentDeclined],
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
  state: z.object({ sku: z.string(), quantity: z.int(), totalMinor: z.int(), card: z.string() }),
  correlate: 'orderId',
  // A payment that came too early has to be looked at again before its time is over.
  retry: { firstDelaySeconds: 1, maxDelaySeconds: 1 },
});
