import { defineConsumer } from 'fanfare/contracts';
import { OrderPlaced } from './index.ts';

const common = {
  listensTo: [OrderPlaced],
  effects: 'commit',
  tables: { notes: { partitionKey: 'id' } },
} as const;

/** Knows nothing of erased events. */
export const invoices = defineConsumer({
  ...common,
  name: 'invoices',
  description: 'Writes an invoice of every order.',
});

/** Wants to know which events were erased. */
export const memory = defineConsumer({
  ...common,
  name: 'memory',
  description: 'Knows who has ordered, as long as they want it.',
  erased: 'handle',
});
