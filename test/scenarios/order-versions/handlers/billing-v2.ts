import { consume } from '../../../../lib/runtime/consume.ts';
import { requireEnvironment } from '../../../../lib/runtime/require-environment.ts';
import { billingV2 } from '../consumers.ts';
import { tell } from './tell.ts';

const service = requireEnvironment('BILLING');

export const handler = consume(billingV2, {
  'shop.OrderPlaced': ({ data }, ctx) => tell(service, `${data.orderId} (${data.channel})`, ctx.signal),
});
