import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { ReviewPublished } from '../events.ts';

export const wall = defineConsumer({
  name: 'wall',
  description: 'Shows every review that was ever published on a wall, which came a week later.',
  listensTo: [ReviewPublished],
  effects: 'commit',
  tables: { posts: { partitionKey: 'reviewId' } },
  startFrom: 'beginning',
});
