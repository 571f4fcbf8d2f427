import { consume } from '../../../../lib/runtime/consume.ts';
import { requireEnvironment } from '../../../../lib/runtime/require-environment.ts';
import { billingV1 } from '../consumers.ts';
import { tell } from './tell.ts';

const service = requireEnvironment('BILLING');

export const handler = consume(billingV1, {
  'shop.OrderPlaced': ({ data }, ctx) => tell(service, data.orderId, ctx.signal),
});
