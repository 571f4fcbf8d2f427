import { requireEnvironment } from '../../../../lib/aws/require-environment.ts';
import { consume } from '../../../../lib/runtime/consume.ts';
import { payroll } from './consumer.ts';

const system = requireEnvironment('PAYROLL_SYSTEM');

export const handler = consume(payroll, {
  'hr.EmployeeCreated': async (event, ctx) => {
    const response = await fetch(system, { method: 'POST', body: event.data.employeeId, signal: ctx.signal });
    if (!response.ok) throw new Error(`the payroll system answered ${response.status}`);
  },
});
