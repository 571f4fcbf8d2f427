import { defineEvent } from 'fanfare/contracts';
import * as z from 'zod';

export const ReviewPublished = defineEvent({
  type: 'movies.ReviewPublished',
  version: 1,
  description: 'A review of a movie can be read by everybody.',
  data: z.object({
    reviewId: z.string(),
    movieId: z.string(),
    stars: z.int().min(1).max(5),
    author: z.string(),
  }),
});

export const ReviewWithdrawn = defineEvent({
  type: 'movies.ReviewWithdrawn',
  version: 1,
  description: 'The author has taken a review back.',
  data: z.object({ reviewId: z.string(), movieId: z.string() }),
});

export const MovieRated = defineEvent({
  type: 'movies.MovieRated',
  version: 1,
  description: 'A movie has one rating more.',
  data: z.object({ movieId: z.string(), stars: z.int() }),
  internal: true,
});
