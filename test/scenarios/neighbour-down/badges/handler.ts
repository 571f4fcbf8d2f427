import { consume } from '../../../../lib/runtime/consume.ts';
import { badges } from './consumer.ts';

export const handler = consume(badges, {
  'hr.SalaryDue': (event, ctx) =>
    ctx.commit([
      { Put: { TableName: ctx.tables.badges, Item: { employeeId: { S: event.data.employeeId } } } },
    ]),
});
