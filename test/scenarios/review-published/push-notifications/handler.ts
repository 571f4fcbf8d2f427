import { consume } from '../../../../lib/runtime/consume.ts';
import { postOf } from '../post-of.ts';
import { pushNotifications } from './consumer.ts';

export const handler = consume(pushNotifications, {
  'reviews.ReviewPublished': ({ data }, ctx) => ctx.commit([postOf(ctx.tables.posts, data)]),
});
