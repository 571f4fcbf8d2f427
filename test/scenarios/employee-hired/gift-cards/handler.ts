import { consume } from '../../../../lib/runtime/consume.ts';
import { giftCards } from './consumer.ts';

export const handler = consume(giftCards, {
  'hr.EmployeeCreated': (event, ctx) =>
    ctx.commit([
      { Put: { TableName: ctx.tables.cards, Item: { employeeId: { S: event.data.employeeId } } } },
    ]),
});
