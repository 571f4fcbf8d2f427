import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { cancels } from './cancellations.ts';
import { type Cancellation, type LaterEvent, readLaterMessage } from './later-message.ts';
import { scheduleInput } from './schedule-input.ts';
import { prefixOfId, prefixOfKey, scheduleName } from './schedule-name.ts';

/** The one-off schedules of a bus. */
export interface Schedules {
  /** Makes the schedule of an event. One that is there stays as it is. @param at epoch milliseconds of the delivery */
  create(event: LaterEvent, at: number, options: CallOptions): Promise<void>;
  /**
   * Deletes the schedules of the events that a cancellation means, 200 at most. One that it misses does no harm: its event is dropped when it
   * is due.
   *
   * @throws Error when it has not looked at all of them
   */
  remove(cancellation: Cancellation, options: CallOptions): Promise<void>;
}

export interface SchedulesProps {
  readonly scheduler: Pick<SchedulerClient, 'send'>;
  /** Name of the schedule group of the bus. */
  readonly groupName: string;
  /** The role by which EventBridge Scheduler sends to the queue. */
  readonly roleArn: string;
  /** The queue of later events. */
  readonly queueArn: string;
  /** Gets what EventBridge Scheduler could not send. */
  readonly deadLetterQueueArn: string;
}

interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/**
 * A schedule fires up to a minute after its time. So it is set two minutes before the event is due, and the message then waits in the queue,
 * to the second.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export const SCHEDULE_LEAD_SECONDS = 120;
/** Of EventBridge Scheduler itself: a day, and as many attempts as it makes in it. */
const RETRY_POLICY = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };
/** Schedules that one cancellation deletes. */
const MAX_REMOVED = 200;
/** Requests of one cancellation at once. */
const AT_ONCE = 10;

export function createSchedules(props: SchedulesProps): Schedules {
  const { scheduler, groupName: GroupName } = props;
  return {
    create: async (message, at, options) => {
      try {
        await scheduler.send(new CreateScheduleCommand(inputOf(message, at, props)), options);
      } catch (error) {
        // The message has come again, after a crash or because it was sent twice.
        if (!(error instanceof ConflictException)) throw error;
      }
    },
    remove: async (cancellation, options) => {
      const { owner, key } = cancellation;
      const [ofId, ofKey] = await Promise.all([
        namesOf(props, prefixOfId({ source: owner, id: key }), options),
        namesOf(props, prefixOfKey(owner, key), options),
      ]);
      const remove = async (Name: string): Promise<void> => {
        await unlessGone(scheduler.send(new DeleteScheduleCommand({ GroupName, Name }), options));
      };
      const removeIfMeant = async (Name: string): Promise<void> => {
        const found = await unlessGone(scheduler.send(new GetScheduleCommand({ GroupName, Name }), options));
        // An event with the same key that was emitted after the cancellation keeps its schedule.
        if (found && isMeant(cancellation, found.Target?.Input)) await remove(Name);
      };
      const removals = [
        ...ofId.map((name) => () => remove(name)),
        ...ofKey.map((name) => () => removeIfMeant(name)),
      ];
      for (let start = 0; start < Math.min(removals.length, MAX_REMOVED); start += AT_ONCE)
        await Promise.all(removals.slice(start, start + AT_ONCE).map((removal) => removal()));
      if (removals.length > MAX_REMOVED) throw new Error(`there are more than ${MAX_REMOVED} schedules`);
    },
  };
}

function inputOf(
  message: LaterEvent,
  at: number,
  { groupName, roleArn, queueArn, deadLetterQueueArn }: SchedulesProps,
) {
  const time = new Date(at - SCHEDULE_LEAD_SECONDS * 1_000)
    .toISOString()
    .slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
  return {
    Name: scheduleName(message.event, message.key),
    GroupName: groupName,
    ScheduleExpression: `at(${time})`,
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' as const },
    ActionAfterCompletion: 'DELETE' as const,
    Target: {
      Arn: queueArn,
      RoleArn: roleArn,
      Input: scheduleInput(message),
      DeadLetterConfig: { Arn: deadLetterQueueArn },
      RetryPolicy: RETRY_POLICY,
    },
  };
}

/** All names, or more than are removed. */
async function namesOf(
  { scheduler, groupName }: SchedulesProps,
  prefix: string,
  options: CallOptions,
): Promise<readonly string[]> {
  const names: string[] = [];
  let next: string | undefined;
  do {
    const page = await scheduler.send(
      new ListSchedulesCommand({ GroupName: groupName, NamePrefix: prefix, NextToken: next }),
      options,
    );
    names.push(...(page.Schedules ?? []).flatMap(({ Name }) => Name ?? []));
    next = page.NextToken;
  } while (next !== undefined && names.length <= MAX_REMOVED);
  return names;
}

/** Undefined when the schedule is gone: it has fired, or somebody else has deleted it. */
async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function isMeant(cancellation: Cancellation, input = ''): boolean {
  const message = readLaterMessage(input);
  return 'event' in message && cancels(cancellation, message);
}
