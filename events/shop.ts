import { defineEvent } from 'fanfare/contracts';
import * as z from 'zod';

const orderId = z.string().min(1).max(64);
const sku = z.string().min(1).max(64);
const lines = z
  .array(z.object({ sku, quantity: z.int().min(1).max(1000) }))
  .min(1)
  .max(50);

export const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 1,
  description: 'A customer has placed an order and the shop has accepted it.',
  data: z.object({
    orderId,
    customerId: z.string().min(1).max(64),
    email: z.email(),
    currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR'),
    totalMinor: z.int().min(0),
    lines,
  }),
});

export const StockReceived = defineEvent({
  type: 'shop.StockReceived',
  version: 1,
  description: 'Goods have arrived at the warehouse and can be sold.',
  data: z.object({ deliveryId: z.string().min(1).max(64), lines }),
});

export const InventoryReserved = defineEvent({
  type: 'shop.InventoryReserved',
  version: 1,
  description: 'Everything on an order has been taken from stock and put aside.',
  internal: true,
  data: z.object({ orderId, reservationId: z.string(), lines }),
});

export const InventoryRejected = defineEvent({
  type: 'shop.InventoryRejected',
  version: 1,
  description: 'An order could not be served from stock, and nothing was put aside for it.',
  internal: true,
  data: z.object({ orderId, missing: z.array(sku).min(1) }),
});

export const ShipmentCreated = defineEvent({
  type: 'shop.ShipmentCreated',
  version: 1,
  description: 'A shipment has been made of an order whose stock is reserved.',
  internal: true,
  data: z.object({ orderId, shipmentId: z.string(), parcels: z.int().min(1) }),
});

export const OrderConfirmationSent = defineEvent({
  type: 'shop.OrderConfirmationSent',
  version: 1,
  description: 'The customer has been sent a confirmation of an order.',
  internal: true,
  data: z.object({ orderId, messageId: z.string().optional() }),
});
