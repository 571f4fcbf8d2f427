import { consume } from '../../../../lib/runtime/consume.ts';
import { postOf } from '../post-of.ts';
import { wall } from './consumer.ts';

export const handler = consume(wall, {
  'reviews.ReviewPublished': ({ data }, ctx) => ctx.commit([postOf(ctx.tables.posts, data)]),
});
