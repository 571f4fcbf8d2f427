import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { ReviewPublished } from '../events.ts';

export const chirp = defineConsumer({
  name: 'chirp',
  description: 'Posts every review to a social network.',
  listensTo: [ReviewPublished],
  effects: 'commit',
  tables: { posts: { partitionKey: 'reviewId' } },
});
