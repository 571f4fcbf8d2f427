import type { Selection } from '../../../lib/ops/dead-letters/dead-letter.ts';

/** What a person may say of the dead letters that they mean. */
export interface SelectionOptions {
  readonly error?: string;
  readonly type?: string;
  readonly containing?: string;
  readonly olderThan?: number;
}

export function selectionOf({ error, type, containing, olderThan }: SelectionOptions): Selection {
  return { errorName: error, type, containing, olderThanSeconds: olderThan };
}
