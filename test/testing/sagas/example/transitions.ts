import type { Transitions } from 'fanfare/saga';
import type { orders } from './consumer.ts';
import {
  OrderCancelled,
  PaymentRequested,
  PaymentTimedOut,
  RefundRequested,
  ShipmentRequested,
  StockRequested,
  StockReturnRequested,
} from './events.ts';

export const transitions: Transitions<typeof orders> = {
  new: {
    'shop.OrderPlaced': ({ data: { orderId, totalMinor } }, saga) => {
      saga.goTo('reserving', { totalMinor });
      saga.emit(StockRequested, { orderId });
    },
    'shop.StockReserved': 'wait',
    'shop.PaymentAccepted': 'wait',
    'shop.PaymentDeclined': 'wait',
  },
  reserving: {
    'shop.OrderPlaced': 'ignore',
    'shop.StockReserved': ({ data: { orderId } }, saga) => {
      saga.goTo('paying');
      saga.onUndo(StockReturnRequested, { orderId });
      saga.emit(PaymentRequested, { orderId, totalMinor: saga.data.totalMinor });
      saga.timeout(PaymentTimedOut, { orderId }, { in: 600 });
    },
    'shop.PaymentAccepted': 'wait',
    'shop.PaymentDeclined': 'wait',
  },
  paying: {
    'shop.OrderPlaced': 'ignore',
    'shop.StockReserved': 'ignore',
    'shop.PaymentAccepted': ({ data }, saga) => {
      saga.emit(ShipmentRequested, data);
      saga.end('shipped');
    },
    'shop.PaymentDeclined': ({ data }, saga) => {
      saga.undo();
      saga.emit(OrderCancelled, data);
      saga.end('cancelled');
    },
    'shop.PaymentTimedOut': ({ data }, saga) => {
      saga.undo();
      saga.emit(OrderCancelled, data);
      saga.end('cancelled');
    },
  },
  shipped: 'ignore',
  cancelled: {
    'shop.OrderPlaced': 'ignore',
    'shop.StockReserved': 'ignore',
    'shop.PaymentAccepted': ({ data }, saga) => saga.emit(RefundRequested, data),
    'shop.PaymentDeclined': 'ignore',
  },
};
