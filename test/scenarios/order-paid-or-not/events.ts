import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

const order = z.object({ orderId: z.string() });
const goods = order.extend({ sku: z.string(), quantity: z.int().min(1) });
const money = order.extend({ totalMinor: z.int().min(1) });

const define = <const Type extends string, Data extends z.ZodType>(
  type: Type,
  description: string,
  data: Data,
) => defineEvent({ type, version: 1, description, data, internal: true });

/** What clients publish too. */
const open = <const Type extends string, Data extends z.ZodType>(
  type: Type,
  description: string,
  data: Data,
) => defineEvent({ type, version: 1, description, data });

export const OrderPlaced = open(
  'shop.OrderPlaced',
  'A customer has placed an order.',
  goods.extend({
    totalMinor: z.int().min(1),
    card: z.enum(['good', 'declined', 'silent', 'late', 'prepaid']),
  }),
);
export const StockRequested = define('shop.StockRequested', 'An order needs goods.', goods);
export const StockReserved = define('shop.StockReserved', 'The goods of an order are put aside.', order);
export const StockRefused = define('shop.StockRefused', 'There are not enough goods for an order.', order);
export const StockReturnRequested = define(
  'shop.StockReturnRequested',
  'An order no longer needs the goods that were put aside for it.',
  goods,
);
export const PaymentRequested = define(
  'shop.PaymentRequested',
  'An order is to be paid.',
  money.extend({ card: z.string() }),
);
export const PaymentAccepted = open('shop.PaymentAccepted', 'An order was paid.', money);
export const PaymentDeclined = define('shop.PaymentDeclined', 'The bank has refused a payment.', order);
export const PaymentTimedOut = define(
  'shop.PaymentTimedOut',
  'The bank has said nothing for too long.',
  order,
);
export const RefundRequested = define('shop.RefundRequested', 'A payment is to be given back.', money);
export const ShipmentRequested = define('shop.ShipmentRequested', 'A paid order is to be shipped.', goods);
export const OrderCancelled = define(
  'shop.OrderCancelled',
  'An order has come to nothing.',
  order.extend({ reason: z.enum(['sold out', 'payment declined', 'payment timed out']) }),
);
