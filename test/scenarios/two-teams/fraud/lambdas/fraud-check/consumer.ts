import { defineConsumer } from 'fanfare/contracts';
import { OrderPlaced } from '../../contracts/shop/index.ts';
import { OrderFlagged } from '../../events/index.ts';

export const fraudCheck = defineConsumer({
  name: 'fraud-check',
  description: 'Looks at every order, and flags what looks like fraud.',
  listensTo: [OrderPlaced],
  emits: [OrderFlagged],
});
