import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { SalaryDue } from '../events.ts';

export const payroll = defineConsumer({
  name: 'payroll',
  description: 'Lets the bank pay salaries.',
  listensTo: [SalaryDue],
  timeoutSeconds: 5,
  // Hardly patient: without the breaker, an outage of seconds would end in dead letters.
  retry: { maxAttempts: 3, firstDelaySeconds: 1, maxDelaySeconds: 1 },
  // What the bank allows.
  rateLimit: { perSecond: 10 },
  breaker: { after: 3, probeEverySeconds: 2 },
});
