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
const NAME = /^[0-9a-f]{16}(-[0-9a-f]{40}-)[0-9a-f]{6}$/;
/** Names that are compared with that of an event whose source is known. */
const MAX_NAMES = 100_000;

/** What is cancelled. */
export interface Cancellable {
  readonly source: string;
  readonly id: string;
  /** Its schedules, one for each version of it. Empty: it has none, but may be due within 15 minutes. */
  readonly schedules: readonly ScheduledEvent[];
}

/** An event, and those of its schedules that are deleted at once. */
interface Cancelled extends Omit<Cancellable, 'schedules'> {
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
 * @throws AmbiguousNameError when several sources have one of this id
 */
export async function findCancellable(
  clients: Clients,
  deployed: DeployedSchedules,
  { name, source }: { readonly name: string; readonly source?: string | undefined },
): Promise<Cancellable> {
  const { groupName } = deployed;
  const scheduler = await clients.scheduler();
  const [, ofEvent] = NAME.exec(name) ?? [];
  if (ofEvent !== undefined) {
    const { source, id } = identified(await readSchedule(scheduler, groupName, name), name);
    return { source, id, schedules: await schedulesOf(scheduler, groupName, ofEvent) };
  }
  if (source !== undefined) {
    const [named = ''] = /-.*$/.exec(prefixOfId({ source, id: name })) ?? [];
    return { source, id: name, schedules: await schedulesOf(scheduler, groupName, named) };
  }
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
  return { source, id, schedules: [found, ...others] };
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

/** The schedules of one event. Their names tell which event they are for, so that no others are read. @param ofEvent that part of the names */
async function schedulesOf(
  scheduler: SchedulerClient,
  groupName: string,
  ofEvent: string,
): Promise<readonly ScheduledEvent[]> {
  const { names } = await listNames(scheduler, groupName, MAX_NAMES);
  const ofThis = names.filter((name) => name.includes(ofEvent));
  const read = await Promise.all(ofThis.map((name) => readSchedule(scheduler, groupName, name)));
  return read.flatMap((one) => (one === undefined || 'reason' in one ? [] : [one]));
}
