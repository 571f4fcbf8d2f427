import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

export const EmployeeCreated = defineEvent({
  type: 'hr.EmployeeCreated',
  version: 1,
  description: 'Somebody has been hired.',
  data: z.object({ employeeId: z.string(), name: z.string() }),
});
