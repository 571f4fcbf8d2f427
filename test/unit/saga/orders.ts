import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { defineSaga } from '../../../lib/contracts/saga/define-saga.ts';
import type { Transitions } from '../../../lib/runtime/saga/transitions.ts';

const order = z.object({ orderId: z.string() });
const event = <const Type extends string>(type: Type) =>
  defineEvent({ type, version: 1, description: 'A test event.', data: order });

export const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 1,
  description: 'An order was placed.',
  data: order.extend({ totalMinor: z.int() }),
});
export const StockReserved = event('shop.StockReserved');
export const PaymentAccepted = defineEvent({
  type: 'shop.PaymentAccepted',
  version: 1,
  description: 'The bank has paid.',
  data: order.extend({ paymentId: z.string() }),
});
export const PaymentDeclined = event('shop.PaymentDeclined');
export const PaymentTimedOut = event('shop.PaymentTimedOut');
export const OrderTimedOut = event('shop.OrderTimedOut');
export const StockRequested = event('shop.StockRequested');
export const StockReturned = event('shop.StockReturned');
export const PaymentRequested = event('shop.PaymentRequested');
export const RefundRequested = event('shop.RefundRequested');
export const OrderCancelled = event('shop.OrderCancelled');

export const orders = defineSaga({
  name: 'orders',
  description: 'Leads an order to its end.',
  startedBy: [OrderPlaced],
  movedBy: [StockReserved, PaymentAccepted, PaymentDeclined],
  timeouts: { reserving: [OrderTimedOut], paying: [OrderTimedOut, PaymentTimedOut] },
  emits: [StockRequested, StockReturned, PaymentRequested, RefundRequested, OrderCancelled],
  steps: ['reserving', 'paying'],
  ends: ['paid', 'cancelled'],
  state: z.object({ totalMinor: z.int() }),
  correlate: 'orderId',
});

export const transitions: Transitions<typeof orders> = {
  new: {
    'shop.OrderPlaced': ({ data: { orderId, totalMinor } }, saga) => {
      saga.goTo('reserving', { totalMinor });
      saga.emit(StockRequested, { orderId });
      saga.timeout(OrderTimedOut, { orderId }, { in: 3_600 });
    },
    'shop.StockReserved': 'wait',
    'shop.PaymentAccepted': 'wait',
    'shop.PaymentDeclined': 'ignore',
  },
  reserving: {
    'shop.OrderPlaced': 'ignore',
    'shop.StockReserved': ({ data: { orderId } }, saga) => {
      saga.goTo('paying');
      saga.onUndo(StockReturned, { orderId });
      saga.emit(PaymentRequested, { orderId });
      saga.timeout(PaymentTimedOut, { orderId }, { in: 600 });
    },
    'shop.PaymentAccepted': 'wait',
    'shop.PaymentDeclined': 'wait',
    'shop.OrderTimedOut': (_event, saga) => saga.end('cancelled'),
  },
  paying: {
    'shop.OrderPlaced': 'ignore',
    'shop.StockReserved': 'ignore',
    'shop.PaymentAccepted': (_event, saga) => saga.end('paid'),
    'shop.PaymentDeclined': (_event, saga) => {
      saga.undo();
      saga.emit(OrderCancelled, { orderId: saga.id });
      saga.end('cancelled');
    },
    'shop.PaymentTimedOut': (_event, saga) => {
      saga.undo();
      saga.end('cancelled');
    },
    'shop.OrderTimedOut': (_event, saga) => {
      saga.undo();
      saga.end('cancelled');
    },
  },
  paid: 'ignore',
  cancelled: {
    'shop.OrderPlaced': 'ignore',
    'shop.StockReserved': (_event, saga) => saga.emit(StockReturned, { orderId: saga.id }),
    'shop.PaymentAccepted': (_event, saga) => saga.emit(RefundRequested, { orderId: saga.id }),
    'shop.PaymentDeclined': 'ignore',
  },
};
