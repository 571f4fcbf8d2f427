import { consume } from '../../../lib/runtime/consume.ts';
import { books } from './consumers.ts';

export const handler = consume(books, {
  'post.ParcelSent': (event, ctx) =>
    ctx.commit([{ Put: { TableName: ctx.tables.parcels, Item: { id: { S: event.data.parcelId } } } }]),
});
