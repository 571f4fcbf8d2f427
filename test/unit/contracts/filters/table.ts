import { ABSENCE } from './rows/absence.ts';
import { DEFAULTS } from './rows/defaults.ts';
import { KINDS } from './rows/kinds.ts';
import { LIMITS } from './rows/limits.ts';
import type { Row } from './rows/row.ts';

export type { Row } from './rows/row.ts';

/** At least 46 filters, each with data of which the answer is known. */
export const ROWS: readonly Row[] = [...DEFAULTS, ...ABSENCE, ...KINDS, ...LIMITS];
