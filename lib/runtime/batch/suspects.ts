import type { BatchItem } from './batch-item.ts';
import { groupByOrder } from './message-groups.ts';

/** A batch, divided so that an event that ends the process affects no other event. */
export interface Division {
  /** Events that are handled in parallel. */
  readonly together: readonly BatchItem[];
  /**
   * Events that are handled one by one, after all others are settled: suspects (a process died while it had the event), and the events
   * after them in their message groups. Events with the fewest attempts come first, because they are most likely harmless.
   */
  readonly apart: readonly Apart[];
}

/** Events that are handled one by one. */
export interface Apart {
  readonly group: readonly BatchItem[];
  /** Earlier events of the same message group, which are handled with all the others. If one of them is delivered again, the group waits. */
  readonly before: readonly BatchItem[];
}

/** Divides the items of a batch. Without a suspect, the usual case, all are handled together. */
export function divide(items: readonly BatchItem[]): Division {
  if (!items.some(({ suspect }) => suspect)) return { together: items, apart: [] };
  const divided = groupByOrder(items).map((group) => {
    const first = group.findIndex(({ suspect }) => suspect);
    return first < 0
      ? { before: group, group: [] }
      : { before: group.slice(0, first), group: group.slice(first) };
  });
  return {
    together: divided.flatMap(({ before }) => before),
    apart: divided.filter(({ group }) => group.length > 0).toSorted((a, b) => attemptsOf(a) - attemptsOf(b)),
  };
}

function attemptsOf({ group: [first] }: Apart): number {
  return first?.suspect?.attempts ?? 0;
}
