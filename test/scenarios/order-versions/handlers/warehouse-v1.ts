import { consume } from '../../../../lib/runtime/consume.ts';
import { requireEnvironment } from '../../../../lib/runtime/require-environment.ts';
import { warehouseV1 } from '../consumers.ts';
import { tell } from './tell.ts';

const service = requireEnvironment('WAREHOUSE');

export const handler = consume(warehouseV1, {
  'shop.OrderPlaced': ({ data }, ctx) => tell(service, data.orderId, ctx.signal),
});
