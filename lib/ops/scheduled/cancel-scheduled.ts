import { DeleteScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { serializeLaterMessage } from '../../later/later-message.ts';
import { prefixOfId } from '../../later/schedule-name.ts';
import type { OpsClients } from '../clients.ts';
import { AmbiguousNameError, UnknownNameError } from '../errors.ts';
import { undefinedIfMissing } from '../problem.ts';
import type { DeployedSchedules } from './deployed-schedules.ts';
import { listNames, readSchedule, readScheduled } from './read-scheduled.ts';
import type { ScheduledEvent } from './scheduled-event.ts';

/** As `scheduleName` makes it: of the key, of the event, and of its version. */
const NAME = /^([0-9a-f]{16}-[0-9a-f]{40}-)[0-9a-f]{6}$/;
/** Names that are compared with that of an event whose source is known, and whose key is not. */
const MAX_NAMES = 100_000;

/** What is cancelled. */
export interface Cancellable {
  readonly source: string;
  readonly id: string;
  /** Its schedules, one for each version of it. Empty: it has none, but may be due within 15 minutes. */
  readonly schedules: readonly ScheduledEvent[];
  /** Whether all schedules were looked at that may be its own. One that was not stays, and its event is dropped when it is due. */
  readonly isWhole: boolean;
}

/** An event, and those of its schedules that are deleted at once. */
interface Cancelled extends Pick<Cancellable, 'source' | 'id'> {
  readonly schedules: readonly Pick<ScheduledEvent, 'name'>[];
  /** When it is cancelled, epoch milliseconds. */
  readonly at: number;
}

type Clients = Pick<OpsClients, 'scheduler' | 'sqs'>;

/**
 * Finds an event that comes later.
 *
 * @param asked.name name of its schedule, or id of the event
 * @param asked.source of the event: only with it, an event that is due within 15 minutes can be named
 * @throws UnknownNameError when there is none
 * @throws AmbiguousNameError when several sources have one of this id, or may have: there are more schedules than are read
 */
export async function findCancellable(
  clients: Clients,
  deployed: DeployedSchedules,
  { name, source }: { readonly name: string; readonly source?: string | undefined },
): Promise<Cancellable> {
  const { groupName } = deployed;
  const scheduler = await clients.scheduler();
  const [, prefix] = NAME.exec(name) ?? [];
  if (prefix !== undefined) {
    const { source, id } = identified(await readSchedule(scheduler, groupName, name), name);
    return { source, id, ...(await schedulesOf(scheduler, { groupName, prefix })) };
  }
  if (source !== undefined)
    return { source, id: name, ...(await ofSource(scheduler, groupName, { source, id: name })) };
  const { events, isWhole } = await readScheduled(clients, deployed);
  return only(
    name,
    events.filter(({ id }) => id === name),
    isWhole,
  );
}

/**
 * Cancels an event: it is not delivered, whether its schedule has fired or not, unless it was delivered already. The cancellation is noted
 * where those of consumers are.
 */
export async function cancelScheduled(
  clients: Clients,
  { groupName: GroupName, queueUrl }: DeployedSchedules,
  { source, id, schedules, at }: Cancelled,
): Promise<void> {
  const cancel = { owner: source, key: id, at: new Date(at).toISOString() };
  // First the note: a schedule that fires in between finds it.
  await clients.sqs.send(
    new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: serializeLaterMessage({ cancel }) }),
  );
  const scheduler = await clients.scheduler();
  for (const { name: Name } of schedules) {
    // It may have fired, or the note has deleted it already.
    await undefinedIfMissing(scheduler.send(new DeleteScheduleCommand({ GroupName, Name })));
  }
}

/** The events of this id, which have to be of one source. */
function only(id: string, [found, ...others]: readonly ScheduledEvent[], isWhole: boolean): Cancellable {
  if (found === undefined) {
    const rest = isWhole ? '' : '; there are more schedules than were read';
    throw new UnknownNameError(
      `no schedule has the event '${id}'; an event that is due within 15 minutes is cancelled with its --source${rest}`,
    );
  }
  const { source } = found;
  const sources = new Set([found, ...others].map((one) => one.source));
  if (sources.size > 1)
    throw new AmbiguousNameError(
      `several events with the id '${id}' come later; name the source with --source: ${[...sources].toSorted().join(', ')}`,
    );
  if (!isWhole)
    throw new AmbiguousNameError(
      `there are more schedules than were read, so another source may have an event '${id}' too; name the source with --source`,
    );
  return { source, id, schedules: [found, ...others], isWhole };
}

/** @throws UnknownNameError when a schedule has no event that can be cancelled */
function identified(
  found: Awaited<ReturnType<typeof readSchedule>>,
  name: string,
): Pick<Cancellable, 'source' | 'id'> {
  if (found === undefined) throw new UnknownNameError(`there is no schedule '${name}'; it may have fired`);
  if ('reason' in found) throw new UnknownNameError(`the schedule '${name}' holds no event: ${found.reason}`);
  const { source, id } = found;
  if (id !== undefined) return { source, id };
  throw new UnknownNameError(
    `'${name}' comes again and again, as the contract of ${found.type} says; take the schedule from the contract, and deploy`,
  );
}

type Found = Pick<Cancellable, 'schedules' | 'isWhole'>;

/** An event without a key is found by how its names begin. The names of one with a key begin with the key, so all have to be looked at. */
async function ofSource(
  scheduler: SchedulerClient,
  groupName: string,
  event: { readonly source: string; readonly id: string },
): Promise<Found> {
  const prefix = prefixOfId(event);
  const found = await schedulesOf(scheduler, { groupName, prefix });
  if (found.schedules.length > 0) return found;
  const [part = ''] = /-.*$/.exec(prefix) ?? [];
  return await schedulesOf(scheduler, { groupName, part });
}

/** The schedules of one event, by a part of their names, so that no others are read. */
async function schedulesOf(
  scheduler: SchedulerClient,
  {
    groupName,
    prefix,
    part = '',
  }: { readonly groupName: string; readonly prefix?: string; readonly part?: string },
): Promise<Found> {
  const { names, isWhole } = await listNames(
    scheduler,
    { groupName, ...(prefix !== undefined && { prefix }) },
    MAX_NAMES,
  );
  const ofThis = names.filter((name) => name.includes(part));
  const read = await Promise.all(ofThis.map((name) => readSchedule(scheduler, groupName, name)));
  const schedules = read.flatMap((one) => (one === undefined || 'reason' in one ? [] : [one]));
  return { schedules, isWhole };
}
