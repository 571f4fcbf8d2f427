import { requireEnvironment } from '../../../../lib/aws/require-environment.ts';
import { consume } from '../../../../lib/runtime/consume.ts';
import { TransientError } from '../../../../lib/runtime/errors.ts';
import { payroll } from './consumer.ts';

const bank = requireEnvironment('BANK');

export const handler = consume(payroll, {
  'hr.SalaryDue': async (event, ctx) => {
    const { employeeId, cents } = event.data;
    if (cents < 0) throw new RangeError(`the salary of ${employeeId} is negative`);
    const response = await fetch(bank, { method: 'POST', body: employeeId, signal: ctx.signal });
    if (!response.ok) throw new TransientError(`the bank answered ${response.status}`);
  },
});
