import { GetScheduleCommand, ListSchedulesCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { consumerSource, emitterName } from '../../contracts/envelope/consumer-source.ts';
import type { OpsClients } from '../clients.ts';
import { countMessages, totalOf } from '../count-messages.ts';
import type { DeployedConsumer } from '../deployed-consumer.ts';
import { inParallel } from '../in-parallel.ts';
import { messageOf, undefinedIfMissing } from '../problem.ts';
import type { DeployedSchedules } from './deployed-schedules.ts';
import { type ScheduledEvent, scheduledEventOf } from './scheduled-event.ts';

/** Requests at once. */
const AT_ONCE = 10;
/** Schedules that are read: each is a request of its own. */
const MAX_READ = 1_000;
/** @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html */
const PAGE = 100;

/** A schedule that holds no event. */
export interface UnreadableSchedule {
  readonly name: string;
  readonly reason: string;
}

/** What comes later. */
export interface Scheduled {
  /** Soonest first; those that come again and again at the end. */
  readonly events: readonly ScheduledEvent[];
  readonly unreadable: readonly UnreadableSchedule[];
  /** Messages in the queue of what is due within 15 minutes, which cannot be listed: events, and cancellations. */
  readonly waiting: number;
  /** Whether every schedule was read. With more than a thousand schedules, the others may be due sooner. */
  readonly isWhole: boolean;
  /** The types of all events that were read, wanted or not. */
  readonly types: readonly string[];
}

/** Which events are wanted. */
export interface ScheduledFilter {
  /** A consumer that has emitted them. */
  readonly consumer?: Pick<DeployedConsumer, 'name' | 'owner' | 'bus'>;
  /** With or without its version. */
  readonly type?: string;
}

/** Reads what comes later: the names of the schedules, each schedule, and the length of the queue. */
export async function readScheduled(
  clients: Pick<OpsClients, 'scheduler' | 'sqs'>,
  { groupName, queueUrl }: DeployedSchedules,
  filter: ScheduledFilter = {},
): Promise<Scheduled> {
  const scheduler = await clients.scheduler();
  const { names, isWhole } = await listNames(scheduler, { groupName }, MAX_READ);
  const events: ScheduledEvent[] = [];
  const unreadable: UnreadableSchedule[] = [];
  const types = new Set<string>();
  await inParallel(names, AT_ONCE, async (name) => {
    const schedule = await readSchedule(scheduler, groupName, name);
    if (schedule === undefined) return;
    if ('reason' in schedule) {
      unreadable.push(schedule);
      return;
    }
    types.add(schedule.type);
    if (isWanted(schedule, filter)) events.push(schedule);
  });
  const waiting = totalOf(await countMessages(clients, queueUrl));
  return {
    events: events.sort(bySoonest),
    unreadable: unreadable.sort(byName),
    waiting,
    isWhole,
    types: [...types],
  };
}

/** Names of the schedules of a group. @param among.prefix how they begin; default: all. @param max at most this many */
export async function listNames(
  scheduler: SchedulerClient,
  { groupName: GroupName, prefix: NamePrefix }: { readonly groupName: string; readonly prefix?: string },
  max: number,
): Promise<{ readonly names: readonly string[]; readonly isWhole: boolean }> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await scheduler.send(
      new ListSchedulesCommand({ GroupName, NamePrefix, MaxResults: PAGE, NextToken }),
    );
    names.push(...(page.Schedules ?? []).flatMap(({ Name }) => Name ?? []));
    ({ NextToken } = page);
  } while (NextToken !== undefined && names.length < max);
  return { names: names.slice(0, max), isWhole: NextToken === undefined && names.length <= max };
}

/** @returns undefined when it does not exist, because it has fired or was deleted */
export async function readSchedule(
  scheduler: SchedulerClient,
  GroupName: string,
  Name: string,
): Promise<ScheduledEvent | UnreadableSchedule | undefined> {
  const schedule = await undefinedIfMissing(scheduler.send(new GetScheduleCommand({ GroupName, Name })));
  return schedule && readEvent(schedule, Name);
}

function readEvent(
  schedule: Parameters<typeof scheduledEventOf>[0],
  name: string,
): ScheduledEvent | UnreadableSchedule {
  try {
    return scheduledEventOf(schedule);
  } catch (error) {
    // Somebody else has put it into the group. It is listed with the reason.
    return { name, reason: messageOf(error) };
  }
}

function isWanted({ source, type }: ScheduledEvent, { consumer, type: wanted }: ScheduledFilter): boolean {
  const isOfConsumer =
    consumer === undefined ||
    source === consumerSource(emitterName(consumer.name, consumer.owner, consumer.bus));
  return isOfConsumer && (wanted === undefined || type === wanted || type.replace(/\.v\d+$/, '') === wanted);
}

function bySoonest(one: ScheduledEvent, other: ScheduledEvent): number {
  const [a, b] = [one, other].map(({ deliverAt = Number.MAX_SAFE_INTEGER }) => deliverAt);
  return (a ?? 0) - (b ?? 0) || byName(one, other);
}

function byName(
  { name: one }: { readonly name: string },
  { name: other }: { readonly name: string },
): number {
  return one < other ? -1 : 1;
}
