import { defineConsumer } from 'fanfare/contracts';
import { OrderFlagged } from '../../contracts/fraud/index.ts';

export const support = defineConsumer({
  name: 'support',
  description: 'Opens a case for every order that looks like fraud.',
  listensTo: [OrderFlagged],
  effects: 'commit',
  tables: { cases: { partitionKey: 'orderId' } },
});
