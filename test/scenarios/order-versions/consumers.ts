import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { OrderPlaced, OrderPlacedV1 } from './events.ts';

const warehouse = { name: 'warehouse', description: 'Packs orders.', timeoutSeconds: 5 };
const billing = {
  name: 'billing',
  description: 'Writes invoices.',
  timeoutSeconds: 5,
  // Patient: the service of the invoices is down now and then.
  retry: { maxAttempts: 50, firstDelaySeconds: 1, maxDelaySeconds: 1 },
};

export const warehouseV1 = defineConsumer({ ...warehouse, listensTo: [OrderPlacedV1] });
export const warehouseV2 = defineConsumer({ ...warehouse, listensTo: [OrderPlaced] });
export const billingV1 = defineConsumer({ ...billing, listensTo: [OrderPlacedV1] });
export const billingV2 = defineConsumer({ ...billing, listensTo: [OrderPlaced] });
