import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { EmployeeCreated } from '../events.ts';

export const payroll = defineConsumer({
  name: 'payroll',
  description: 'Puts everybody who is hired on the payroll.',
  listensTo: [EmployeeCreated],
  timeoutSeconds: 5,
  // Patient: the payroll system is down for maintenance now and then.
  retry: { maxAttempts: 50, firstDelaySeconds: 1, maxDelaySeconds: 2 },
});
