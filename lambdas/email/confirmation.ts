import type { SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import type { DataOf } from 'fanfare/contracts';
import type { OrderPlaced } from '../../events/shop.ts';

/** The mail that confirms an order. */
export function confirmation(from: string, order: DataOf<typeof OrderPlaced>): SendEmailCommandInput {
  const total = new Intl.NumberFormat('en', { style: 'currency', currency: order.currency });
  const lines = order.lines.map(({ sku, quantity }) => `${quantity} x ${sku}`);
  const text = [
    'Thank you for your order.',
    '',
    ...lines,
    '',
    `Total: ${total.format(order.totalMinor / 10 ** (total.resolvedOptions().maximumFractionDigits ?? 2))}`,
  ];
  return {
    FromEmailAddress: from,
    Destination: { ToAddresses: [order.email] },
    Content: {
      Simple: {
        Subject: { Data: `Your order ${order.orderId}` },
        Body: { Text: { Data: text.join('\n') } },
      },
    },
  };
}
