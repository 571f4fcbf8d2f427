import { consume } from 'fanfare/runtime';
import { CartForgotten, carts } from './definitions.ts';

const THIRTY_DAYS_SECONDS = 30 * 86_400;

export const handler = consume(carts, {
  'carts.CartFilled': ({ id, data: { cartId } }, ctx) => {
    ctx.emit(CartForgotten, { cartId }, { in: THIRTY_DAYS_SECONDS, key: cartId });
    return ctx.commit([{ Put: { TableName: ctx.tables.notes, Item: { id: { S: id } } } }]);
  },
  'carts.CartPaid': ({ id, data: { cartId } }, ctx) => {
    ctx.cancel(cartId);
    return ctx.commit([{ Put: { TableName: ctx.tables.notes, Item: { id: { S: id } } } }]);
  },
});
