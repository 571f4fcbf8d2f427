import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { EmployeeCreated } from '../events.ts';

export const badges = defineConsumer({
  name: 'badges',
  description: 'Makes a badge for everybody who is hired.',
  listensTo: [EmployeeCreated],
  effects: 'commit',
  tables: { badges: { partitionKey: 'employeeId' } },
});
