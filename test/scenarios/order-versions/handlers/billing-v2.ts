import { requireEnvironment } from '../../../../lib/aws/require-environment.ts';
import { consume } from '../../../../lib/runtime/consume.ts';
import { billingV2 } from '../consumers.ts';
import { tell } from './inform.ts';

const service = requireEnvironment('BILLING');

export const handler = consume(billingV2, {
  'shop.OrderPlaced': ({ data }, ctx) => tell(service, `${data.orderId} (${data.channel})`, ctx.signal),
});
