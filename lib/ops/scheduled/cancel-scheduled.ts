import { DeleteScheduleCommand, type SchedulerClient } from '@aws-sdk/client-scheduler';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { serializeLaterMessage } from '../../later/later-message.ts';
import { scheduleName } from '../../later/schedule-name.ts';
import type { OpsClients } from '../clients.ts';
import { AmbiguousNameError, UnknownNameError } from '../errors.ts';
import { undefinedIfMissing } from '../problem.ts';
import type { DeployedSchedules } from './deployed-schedules.ts';
import { listNames, readSchedule, readScheduled } from './read-scheduled.ts';
import type { ScheduledEvent } from './scheduled-event.ts';

/** As `scheduleName` makes it. */
const NAME = /^[0-9a-f]{16}-[0-9a-f]{40}$/;
/** Hexadecimal digits and a dash, before the part of a name that is of the event. */
const KEY_PART = /^[0-9a-f]{16}/;
/** Names that are compared with that of an event whose source is known. */
const MAX_NAMES = 100_000;

/** What is cancelled. */
export interface Cancellable {
  readonly source: string;
  readonly id: string;
  /** Its schedule. Undefined: it has none, but may be due within 15 minutes. */
  readonly schedule?: ScheduledEvent | undefined;
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
  schedules: DeployedSchedules,
  { name, source }: { readonly name: string; readonly source?: string | undefined },
): Promise<Cancellable> {
  const scheduler = await clients.scheduler();
  if (NAME.test(name)) return ofName(await readSchedule(scheduler, schedules.groupName, name), name);
  if (source !== undefined) {
    const schedule = await findByIdentity(scheduler, schedules.groupName, { source, id: name });
    return { source, id: name, schedule };
  }
  const { events, isWhole } = await readScheduled(clients, schedules);
  const [found, ...others] = events.filter(({ id }) => id === name);
  if (others.length > 0)
    throw new AmbiguousNameError(
      `several events with the id '${name}' come later; name the source with --source: ${[found, ...others].map((one) => one?.source).join(', ')}`,
    );
  if (found) return ofName(found, name);
  const rest = isWhole ? '' : '; there are more schedules than were read: name its source with --source';
  throw new UnknownNameError(
    `no schedule has the event '${name}'; an event that is due within 15 minutes is cancelled with its --source${rest}`,
  );
}

/**
 * Cancels an event: it is not delivered, whether its schedule has fired or not, unless it was delivered already. The cancellation is noted
 * where those of consumers are.
 *
 * @param at when it is cancelled, epoch milliseconds
 */
export async function cancelScheduled(
  clients: Clients,
  { groupName, queueUrl }: DeployedSchedules,
  { source, id, schedule, at }: Cancellable & { readonly at: number },
): Promise<void> {
  const cancel = { owner: source, key: id, at: new Date(at).toISOString() };
  // First the note: a schedule that fires in between finds it.
  await clients.sqs.send(
    new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: serializeLaterMessage({ cancel }) }),
  );
  if (schedule === undefined) return;
  const scheduler = await clients.scheduler();
  // It may have fired, or the note has deleted it already.
  await undefinedIfMissing(
    scheduler.send(new DeleteScheduleCommand({ GroupName: groupName, Name: schedule.name })),
  );
}

function ofName(found: Awaited<ReturnType<typeof readSchedule>>, name: string): Cancellable {
  if (found === undefined || 'reason' in found)
    throw new UnknownNameError(
      found === undefined
        ? `there is no schedule '${name}'; it may have fired`
        : `the schedule '${name}' holds no event: ${found.reason}`,
    );
  const { id, source } = found;
  if (id === undefined)
    throw new UnknownNameError(
      `'${name}' comes again and again, as the contract of ${found.type} says; take the schedule from the contract, and deploy`,
    );
  return { source, id, schedule: found };
}

/** The names of schedules tell which event they are for, so that only one is read. */
async function findByIdentity(
  scheduler: SchedulerClient,
  groupName: string,
  event: { readonly source: string; readonly id: string },
): Promise<ScheduledEvent | undefined> {
  const ending = scheduleName(event, undefined).replace(KEY_PART, '');
  const { names } = await listNames(scheduler, groupName, MAX_NAMES);
  const name = names.find((one) => one.endsWith(ending));
  if (name === undefined) return undefined;
  const found = await readSchedule(scheduler, groupName, name);
  return found === undefined || 'reason' in found ? undefined : found;
}
