import { consume } from '../../../../lib/runtime/consume.ts';
import { postOf } from '../post-of.ts';
import { blue } from './consumer.ts';

export const handler = consume(blue, {
  'reviews.ReviewPublished': ({ data }, ctx) => ctx.commit([postOf(ctx.tables.posts, data)]),
});
