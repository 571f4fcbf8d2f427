import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { ReviewPublished } from '../events.ts';

export const blue = defineConsumer({
  name: 'blue',
  description: 'Posts every review to a third social network, which came later.',
  listensTo: [ReviewPublished],
  effects: 'commit',
  tables: { posts: { partitionKey: 'reviewId' } },
});
