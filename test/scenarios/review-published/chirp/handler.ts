import { consume } from '../../../../lib/runtime/consume.ts';
import { postOf } from '../post-of.ts';
import { chirp } from './consumer.ts';

export const handler = consume(chirp, {
  'reviews.ReviewPublished': ({ data }, ctx) => ctx.commit([postOf(ctx.tables.posts, data)]),
});
