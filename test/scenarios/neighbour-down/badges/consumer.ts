import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { SalaryDue } from '../events.ts';

export const badges = defineConsumer({
  name: 'badges',
  description: 'Notes who is still here.',
  listensTo: [SalaryDue],
  effects: 'commit',
  tables: { badges: { partitionKey: 'employeeId' } },
});
