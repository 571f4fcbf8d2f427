import type * as z from 'zod';
import type { DataFilter } from '../../../../../lib/contracts/where.ts';

/** A filter that somebody may write, and data for which its handler would say yes or no. */
export interface Row {
  readonly what: string;
  readonly schema: z.ZodType;
  readonly where: DataFilter;
  /** Data as published, of which the handler gets what the filter asks for, and other data. */
  readonly wanted: readonly object[];
  readonly others: readonly object[];
  /** What the synthesis says instead of making a policy. */
  readonly refused?: string;
  /** What the synthesis warns of; the policy is made all the same. */
  readonly warned?: string;
  /** Whether the events have a link (dataref) beside their data. */
  readonly link?: boolean;
}
