import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { ReviewArchived, ReviewCorrected, ReviewPublished, ReviewTextReleased } from '../events.ts';

export const latestReviews = defineConsumer({
  name: 'latest-reviews',
  description: 'Keeps the page of the latest reviews.',
  listensTo: [ReviewPublished, ReviewTextReleased, ReviewCorrected, ReviewArchived],
  effects: 'commit',
  tables: { reviews: { partitionKey: 'reviewId' } },
  retry: { firstDelaySeconds: 1, maxDelaySeconds: 1 },
});
