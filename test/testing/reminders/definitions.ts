import { defineConsumer, defineEvent } from 'fanfare/contracts';
import * as z from 'zod';

export const CartFilled = defineEvent({
  type: 'carts.CartFilled',
  version: 1,
  description: 'Something lies in a cart.',
  data: z.object({ cartId: z.string() }),
});

export const CartPaid = defineEvent({
  type: 'carts.CartPaid',
  version: 1,
  description: 'What lay in a cart is paid.',
  data: z.object({ cartId: z.string() }),
});

export const CartForgotten = defineEvent({
  type: 'carts.CartForgotten',
  version: 1,
  description: 'A cart was not paid for thirty days.',
  data: z.object({ cartId: z.string() }),
  internal: true,
});

export const DayEnded = defineEvent({
  type: 'carts.DayEnded',
  version: 1,
  description: 'A day is over.',
  data: z.object({}),
  schedule: 'cron(0 0 * * ? *)',
});

const common = { effects: 'commit', tables: { notes: { partitionKey: 'id' } } } as const;

/** Has one event come thirty days later, unless the cart is paid. */
export const carts = defineConsumer({
  ...common,
  name: 'carts',
  description: 'Watches carts.',
  listensTo: [CartFilled, CartPaid],
  emits: [CartForgotten],
  emitsLater: true,
});

/** Notes when it hears of what. */
export const notes = defineConsumer({
  ...common,
  name: 'notes',
  description: 'Notes what comes later.',
  listensTo: [CartForgotten, CartPaid, DayEnded],
});
