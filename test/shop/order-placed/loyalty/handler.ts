import { requireEnvironment } from '../../../../lib/aws/require-environment.ts';
import { consume } from '../../../../lib/runtime/consume.ts';
import { loyalty } from './consumer.ts';

const service = requireEnvironment('POINTS_SERVICE');

export const handler = consume(loyalty, {
  'shop.OrderPlaced': async (event, ctx) => {
    const response = await fetch(service, { method: 'POST', body: event.data.orderId, signal: ctx.signal });
    if (!response.ok) throw new Error(`the points service answered ${response.status}`);
  },
});
