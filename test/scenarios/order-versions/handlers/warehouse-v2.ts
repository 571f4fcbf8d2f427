import { requireEnvironment } from '../../../../lib/aws/require-environment.ts';
import { consume } from '../../../../lib/runtime/consume.ts';
import { warehouseV2 } from '../consumers.ts';
import { tell } from './inform.ts';

const service = requireEnvironment('WAREHOUSE');

export const handler = consume(warehouseV2, {
  'shop.OrderPlaced': ({ data }, ctx) => tell(service, `${data.orderId} (${data.channel})`, ctx.signal),
});
