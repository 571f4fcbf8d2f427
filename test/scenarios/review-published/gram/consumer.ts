import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { atLeast } from '../../../../lib/contracts/where.ts';
import { ReviewPublished } from '../events.ts';
export const gram = defineConsumer({
  name: 'gram',
  description: 'Posts good reviews only to another social network.',
  listensTo: [ReviewPublished],
  where: { 'reviews.ReviewPublished': { stars: atLeast(4) } },
  effects: 'commit',
  tables: { posts: { partitionKey: 'reviewId' } },
});
