import type * as z from 'zod';
import type { Side } from '../../../../lib/contracts/compatibility/changes/change.ts';

/**
 * An edit of a published contract: its name, the shapes before and after it, whom it breaks, and where, if that is looked at. `data` is
 * what shows it where the gate can only say that it cannot compare.
 */
export type EditRow = readonly [
  edit: string,
  shapes: readonly [before: z.ZodType, after: z.ZodType],
  breaks: readonly Side[],
  pointer?: string,
  data?: Partial<Record<Side, unknown>>,
];

export const producers: readonly Side[] = ['producers'];
export const consumers: readonly Side[] = ['consumers'];
export const both: readonly Side[] = ['producers', 'consumers'];
export const nobody: readonly Side[] = [];
