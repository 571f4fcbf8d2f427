import { consume } from '../../../../lib/runtime/consume.ts';
import { postOf } from '../post-of.ts';
import { gram } from './consumer.ts';

export const handler = consume(gram, {
  'reviews.ReviewPublished': ({ data }, ctx) => ctx.commit([postOf(ctx.tables.posts, data)]),
});
