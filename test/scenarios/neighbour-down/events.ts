import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

export const SalaryDue = defineEvent({
  type: 'hr.SalaryDue',
  version: 1,
  description: 'A salary has to be paid.',
  data: z.object({ employeeId: z.string(), cents: z.int() }),
});
