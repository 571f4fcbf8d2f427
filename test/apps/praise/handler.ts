import { consume } from '../../../lib/runtime/consume.ts';
import { collectsAll } from './consumer.ts';

/** Of both consumers: what SNS is asked for is not the handler's matter. */
export const handler = consume(collectsAll, {
  'reviews.ReviewPublished': ({ id }, ctx) =>
    ctx.commit([{ Put: { TableName: ctx.tables.reviews, Item: { id: { S: id } } } }]),
});
