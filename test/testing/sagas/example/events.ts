import { defineEvent } from 'fanfare/contracts';
import * as z from 'zod';

const data = z.object({ orderId: z.string() });
const define = <const Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  defineEvent({ type, version: 1, description: 'An event of the example.', data, internal: true });

export const OrderPlaced = define('shop.OrderPlaced', data.extend({ totalMinor: z.int() }));
export const StockRequested = define('shop.StockRequested', data);
export const StockReserved = define('shop.StockReserved', data);
export const StockReturnRequested = define('shop.StockReturnRequested', data);
export const PaymentRequested = define('shop.PaymentRequested', data.extend({ totalMinor: z.int() }));
export const PaymentAccepted = define('shop.PaymentAccepted', data);
export const PaymentDeclined = define('shop.PaymentDeclined', data);
export const PaymentTimedOut = define('shop.PaymentTimedOut', data);
export const RefundRequested = define('shop.RefundRequested', data);
export const ShipmentRequested = define('shop.ShipmentRequested', data);
export const OrderCancelled = define('shop.OrderCancelled', data);
