import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { EmployeeCreated } from '../events.ts';

export const giftCards = defineConsumer({
  name: 'gift-cards',
  description: 'Gives a gift card to everybody who is hired.',
  listensTo: [EmployeeCreated],
  effects: 'commit',
  tables: { cards: { partitionKey: 'employeeId' } },
});
