import type { Handlers } from '../../../../lib/runtime/consume.ts';
import { putItem, updateItem } from '../../../../lib/runtime/writes/writes.ts';
import { PaymentAccepted, PaymentDeclined } from '../events.ts';
import { PAYMENT_SECONDS } from '../orders/consumer.ts';
import type { payments } from './consumer.ts';

export const handlers: Handlers<typeof payments> = {
  'shop.PaymentRequested': async ({ data: { orderId, totalMinor, card } }, ctx) => {
    if (card === 'silent') return;
    if (card === 'declined') return void ctx.emit(PaymentDeclined, { orderId });
    // The money is taken; of a late card, the shop hears of it when it no longer waits.
    const late = card === 'late' ? { in: PAYMENT_SECONDS + 2 } : {};
    ctx.emit(PaymentAccepted, { orderId, totalMinor }, late);
    await ctx.commit([
      putItem(
        ctx.tables.payments,
        { orderId, paidMinor: totalMinor },
        { ConditionExpression: 'attribute_not_exists(orderId)' },
      ),
    ]);
  },
  'shop.RefundRequested': ({ data: { orderId, totalMinor } }, ctx) =>
    ctx.commit([
      updateItem(
        ctx.tables.payments,
        { orderId },
        {
          UpdateExpression: 'SET paidMinor = paidMinor - :total',
          ExpressionAttributeValues: { ':total': totalMinor },
        },
      ),
    ]),
};
