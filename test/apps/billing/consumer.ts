import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { OrderPlaced } from '../orders/events/shop.ts';

/** Needs what many consumers need: a variable, secrets and a network. */
export const billing = defineConsumer({
  name: 'billing',
  description: 'Charges what is ordered.',
  listensTo: [OrderPlaced],
  effects: 'commit',
  tables: { charges: { partitionKey: 'orderId' } },
  environment: { CURRENCY: 'EUR' },
  secrets: {
    stripeKey: { secretsManager: 'shop/{stage}/stripe' },
    taxKey: { ssmParameter: '/shop/tax' },
  },
  provisionedPollers: { min: 2, max: 4 },
  retry: { firstDelaySeconds: 1, maxDelaySeconds: 1, maxAttempts: 20 },
});
