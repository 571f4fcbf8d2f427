import { GetScheduleCommand, ListSchedulesCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { inParallel } from '../in-parallel.ts';
import { attempt, undefinedIfMissing } from '../problem.ts';
import { cancelScheduled } from '../scheduled/cancel-scheduled.ts';
import type { DeployedLater } from '../scheduled/deployed-schedules.ts';
import type { Erasure } from './erasure.ts';
import { judgeMessage, noteUnjudged } from './judge-message.ts';
import { eraseLargeData } from './large-data.ts';

/** Schedules that are read or cancelled at once. EventBridge Scheduler takes a thousand requests in a second, and more. */
const AT_ONCE = 10;
/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html */
const PAGE = 100;

/**
 * Cancels the events of the person that come later, of every bus. Each is cancelled by its id before its schedule is deleted, so it is not
 * delivered when the schedule fires meanwhile.
 *
 * @returns how many schedules
 */
export async function eraseScheduled(erasure: Erasure, buses: readonly DeployedLater[]): Promise<number> {
  let count = 0;
  for (const bus of buses) {
    const resource = { resource: 'schedule group', name: bus.groupName };
    const eraseAll = async (): Promise<void> => {
      const scheduler = await erasure.clients.scheduler();
      for await (const names of pagesOf(scheduler, bus.groupName))
        await inParallel(names, AT_ONCE, async (name) => {
          if (erasure.signal.aborted) return;
          if (await eraseOne(erasure, bus, { scheduler, name })) count += 1;
        });
    };
    const { problems } = await attempt(resource, eraseAll());
    erasure.notes.problems.push(...problems);
  }
  return count;
}

/** The names in pages, so that a group of millions is never in memory as a whole. */
async function* pagesOf(scheduler: SchedulerClient, GroupName: string): AsyncGenerator<readonly string[]> {
  let NextToken: string | undefined;
  do {
    const page = await scheduler.send(new ListSchedulesCommand({ GroupName, MaxResults: PAGE, NextToken }));
    yield (page.Schedules ?? []).flatMap(({ Name }) => Name ?? []);
    ({ NextToken } = page);
  } while (NextToken !== undefined);
}

/** @returns whether it was the person's */
async function eraseOne(
  erasure: Erasure,
  bus: DeployedLater,
  { scheduler, name }: { readonly scheduler: SchedulerClient; readonly name: string },
): Promise<boolean> {
  const erasing = async (): Promise<boolean> => {
    const schedule = new GetScheduleCommand({ GroupName: bus.groupName, Name: name });
    const found = await undefinedIfMissing(scheduler.send(schedule));
    const judged = await judgeMessage(erasure, found?.Target?.Input ?? '');
    noteUnjudged(erasure, judged, `schedule ${name}`);
    const { whose, event } = judged;
    if (whose !== 'theirs' || !event) return false;
    await eraseLargeData(erasure, event);
    const { source, id } = event;
    const at = Date.parse(erasure.at);
    if (!erasure.dryRun)
      await cancelScheduled(erasure.clients, bus, { source, id, schedules: [{ name }], at });
    return true;
  };
  // The other schedules are looked at all the same.
  const { value, problems } = await attempt({ resource: 'schedule', name }, erasing());
  erasure.notes.problems.push(...problems);
  return value ?? false;
}
