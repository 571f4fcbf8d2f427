import { GroupBlockedError } from '../errors.ts';
import { type BatchItem, comesAgain, orderedGroupOf } from './batch-item.ts';

/** One step of the processing of an event. It sets the event's outcome. */
export type Step = (item: BatchItem) => Promise<void>;

/**
 * Runs all items in parallel, but the items of a FIFO message group one after the other. If an item will be delivered again, the rest of
 * its group is not run, so that it does not overtake this item.
 *
 * @param sendDead sends a dead event to the dead-letter queue before the next event of its group is run
 */
export async function runByMessageGroup(
  items: readonly BatchItem[],
  run: Step,
  sendDead: Step,
): Promise<void> {
  await Promise.all(groupByOrder(items).map((group) => runGroup(group, run, sendDead)));
}

/** Groups of items that must run one after the other: the items of a FIFO message group, or a single item. */
export function groupByOrder(items: readonly BatchItem[]): readonly (readonly BatchItem[])[] {
  return [...Map.groupBy(items, (item) => orderedGroupOf(item.records[0]) ?? item).values()];
}

async function runGroup(group: readonly BatchItem[], run: Step, sendDead: Step): Promise<void> {
  let blocked = false;
  for (const [index, item] of group.entries()) {
    if (blocked) block(item);
    if (!item.outcome) await run(item);
    if (item.outcome?.status === 'deadLettered' && index < group.length - 1) await sendDead(item);
    blocked ||= comesAgain(item);
  }
}

/**
 * Makes an event wait because an earlier event blocks its message group. Its handler does not begin, and its emitted events are not
 * published, because they would overtake those of the earlier event.
 */
export function block(item: BatchItem): void {
  if (item.outcome && item.outcome.status !== 'committed') return;
  item.outcome = { status: 'released', error: new GroupBlockedError(orderedGroupOf(item.records[0]) ?? '') };
}
