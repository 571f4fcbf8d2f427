import { consume, type HandlerContext } from 'fanfare/runtime';
import { notes } from './definitions.ts';

const note = (what: string, id: string, ctx: HandlerContext<typeof notes>) => {
  const Item = { id: { S: id }, what: { S: what }, at: { N: String(Date.now()) } };
  return ctx.commit([{ Put: { TableName: ctx.tables.notes, Item } }]);
};

export const handler = consume(notes, {
  'carts.CartForgotten': ({ id, data: { cartId } }, ctx) => note(cartId, id, ctx),
  'carts.CartPaid': ({ id, data: { cartId } }, ctx) => note(`${cartId} is paid`, id, ctx),
  'carts.DayEnded': ({ id }, ctx) => note('day', id, ctx),
});
