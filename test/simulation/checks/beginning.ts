import type { History, Run } from '../ledger.ts';
import { MAX_SKEW_MS } from '../services/invocation.ts';
import { TIMEOUT_MS } from '../stories/app.ts';
import { begins, commits } from '../stories/script.ts';
import type { World } from '../world.ts';

/** Looks at every handler that begins. */
export function judgeBeginning(world: World, history: History, run: Run): void {
  const { settings, ledger } = world;
  if (settings.kinds[run.consumer].effects === 'claim' && isHeldByAnother(world, history, run))
    ledger.violate(`${run.identity} was handled twice at once, under a lease that had not run out`);
  if (settings.fifo && history.groupId !== undefined) {
    const overtaken = earlierInGroup(world, history).filter((earlier) => !isOver(earlier));
    if (overtaken.length > 0)
      ledger.violate(`${run.identity} began before ${overtaken[0]?.identity} of its message group was over`);
  }
}

function isHeldByAnother({ now }: World, { runs }: History, run: Run): boolean {
  return runs.some(
    (other) =>
      other !== run &&
      other.ended === undefined &&
      other.invocation.answeredAfter === undefined &&
      other.invocation.startedAt + TIMEOUT_MS - 2 * MAX_SKEW_MS > now(),
  );
}

function earlierInGroup({ ledger }: World, { consumer, groupId, sentAt, identity }: History): History[] {
  const earlier: History[] = [];
  for (const other of ledger.histories) {
    if (other.identity === identity && other.consumer === consumer) break;
    if (other.consumer === consumer && other.groupId === groupId && other.sentAt.length > 0)
      earlier.push(other);
  }
  // Whatever comes a second time, after a redrive or weeks later, comes at the end of its group.
  return sentAt.length > 1 ? [] : earlier;
}

/** Whether the next of its group may begin: its handler has ended well, or it lies in the dead-letter queue. */
function isOver({ runs, burials, script, doneAt }: History): boolean {
  // Nothing waits for a message that no handler begins with.
  if (!begins(script) || burials.length > 0) return true;
  if (script.commit === 'only rejected' && doneAt.length > 0) return true;
  return runs.some((run) => run.committed || (run.ended === 'returned' && !commits(script)));
}
