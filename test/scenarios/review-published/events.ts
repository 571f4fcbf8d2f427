import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

const review = z.object({
  reviewId: z.string(),
  product: z.string(),
  stars: z.int().min(1).max(5),
  title: z.string(),
});

/** Carries everything: who takes it has to ask nobody. */
export const ReviewPublished = defineEvent({
  type: 'reviews.ReviewPublished',
  version: 1,
  description: 'A review can be read by everybody.',
  data: review,
});

/** Carries a link: the text may be long, and who takes it fetches what it needs. A test says where the reviews are kept. */
export const ReviewTextReleased = defineEvent({
  type: 'reviews.ReviewTextReleased',
  version: 1,
  description: 'The full text of a review can be read.',
  data: z.object({ reviewId: z.string(), text: z.string() }),
  links: [`${process.env.REVIEWS_ORIGIN ?? 'https://reviews.example.com'}/reviews/`],
});

export const ReviewCorrected = defineEvent({
  type: 'reviews.ReviewCorrected',
  version: 1,
  description: 'A mistake in the title of a review has been mended.',
  data: z.object({ reviewId: z.string(), title: z.string() }),
});

export const ReviewArchived = defineEvent({
  type: 'reviews.ReviewArchived',
  version: 1,
  description: 'A review is shown no more.',
  data: z.object({ reviewId: z.string() }),
});
