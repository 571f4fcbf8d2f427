import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { ParcelReturned, ParcelSent } from './events/index.ts';

export const books = defineConsumer({
  name: 'books',
  description: 'Counts parcels.',
  listensTo: [ParcelSent],
  effects: 'commit',
  tables: { parcels: { partitionKey: 'id' } },
  timeoutSeconds: 10,
});

export const courier = defineConsumer({
  name: 'courier',
  description: 'Drives.',
  listensTo: [ParcelSent],
  timeoutSeconds: 10,
  retry: { maxAttempts: 2, firstDelaySeconds: 2, maxDelaySeconds: 2 },
});

export const customs = defineConsumer({
  name: 'customs',
  description: 'Looks at parcels that go abroad.',
  listensTo: [ParcelSent],
  where: { 'post.ParcelSent': { country: { anyOf: ['CH'] } } },
  timeoutSeconds: 10,
});

export const returns = defineConsumer({
  name: 'returns',
  description: 'Takes parcels back.',
  listensTo: [ParcelReturned],
  timeoutSeconds: 10,
});
