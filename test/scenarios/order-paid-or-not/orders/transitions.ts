import type { RunningSaga, Transitions } from '../../../../lib/runtime/saga/transitions.ts';
import {
  OrderCancelled,
  PaymentRequested,
  PaymentTimedOut,
  RefundRequested,
  ShipmentRequested,
  StockRequested,
  StockReturnRequested,
} from '../events.ts';
import { type orders, PAYMENT_SECONDS } from './consumer.ts';

type Reason = 'sold out' | 'payment declined' | 'payment timed out';

function cancel(saga: RunningSaga<typeof orders>, reason: Reason): void {
  saga.undo();
  saga.emit(OrderCancelled, { orderId: saga.id, reason });
  saga.end('cancelled');
}

export const transitions: Transitions<typeof orders> = {
  new: {
    'shop.OrderPlaced': ({ data: { sku, quantity, totalMinor, card } }, saga) => {
      saga.goTo('reserving', { sku, quantity, totalMinor, card });
      saga.emit(StockRequested, { orderId: saga.id, sku, quantity });
    },
    'shop.StockReserved': 'wait',
    'shop.StockRefused': 'wait',
    'shop.PaymentAccepted': 'wait',
    'shop.PaymentDeclined': 'wait',
  },
  reserving: {
    'shop.OrderPlaced': 'ignore',
    'shop.StockReserved': (_event, saga) => {
      const { sku, quantity, totalMinor, card } = saga.data;
      saga.goTo('paying');
      saga.onUndo(StockReturnRequested, { orderId: saga.id, sku, quantity });
      saga.emit(PaymentRequested, { orderId: saga.id, totalMinor, card });
      saga.timeout(PaymentTimedOut, { orderId: saga.id }, { in: PAYMENT_SECONDS });
    },
    'shop.StockRefused': (_event, saga) => cancel(saga, 'sold out'),
    'shop.PaymentAccepted': 'wait',
    'shop.PaymentDeclined': 'wait',
  },
  paying: {
    'shop.OrderPlaced': 'ignore',
    'shop.StockReserved': 'ignore',
    'shop.StockRefused': 'ignore',
    'shop.PaymentAccepted': (_event, saga) => {
      const { sku, quantity } = saga.data;
      saga.emit(ShipmentRequested, { orderId: saga.id, sku, quantity });
      saga.end('shipped');
    },
    'shop.PaymentDeclined': (_event, saga) => cancel(saga, 'payment declined'),
    'shop.PaymentTimedOut': (_event, saga) => cancel(saga, 'payment timed out'),
  },
  shipped: 'ignore',
  cancelled: {
    'shop.OrderPlaced': 'ignore',
    'shop.StockReserved': 'ignore',
    'shop.StockRefused': 'ignore',
    'shop.PaymentAccepted': ({ data }, saga) => saga.emit(RefundRequested, data),
    'shop.PaymentDeclined': 'ignore',
  },
};
