import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { ReviewPublished } from '../events.ts';

export const pushNotifications = defineConsumer({
  name: 'push-notifications',
  description: 'Tells everybody who follows a product.',
  listensTo: [ReviewPublished],
  effects: 'commit',
  tables: { posts: { partitionKey: 'reviewId' } },
});
