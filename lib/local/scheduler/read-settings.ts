import {
  parseExpression,
  type Recurrence,
} from '../../contracts/definition/schedule-expression/parse-expression.ts';
import { GROUP_OR_DEDUPLICATION_ID, SCHEDULE } from '../aws-limits.ts';
import { DEFAULT_GROUP, type ScheduleSettings, type ScheduleTarget } from './schedule.ts';
import { invalid } from './scheduler-error.ts';

/** A schedule as it is asked for: some of it may be missing or wrong. */
export type AskedSchedule = Partial<Omit<ScheduleSettings, 'Target'>> & {
  readonly Target?: Partial<ScheduleTarget>;
};

const NAME = /^[0-9a-zA-Z-_.]{1,64}$/;
const TARGETS = /^arn:[^:]+:(sqs|lambda):/;

/**
 * Checks a schedule as EventBridge Scheduler does, and adds its defaults.
 *
 * @throws SchedulerError ValidationException
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export function readSettings(asked: AskedSchedule): ScheduleSettings {
  const { Name = '', GroupName = DEFAULT_GROUP, ScheduleExpression = '', StartDate, EndDate } = asked;
  const { ScheduleExpressionTimezone = 'UTC', State = 'ENABLED', ActionAfterCompletion = 'NONE' } = asked;
  requireName('Name', Name);
  requireName('GroupName', GroupName);
  requireOneOf('State', State, ['ENABLED', 'DISABLED']);
  requireOneOf('ActionAfterCompletion', ActionAfterCompletion, ['NONE', 'DELETE']);
  if ((asked.Description?.length ?? 0) > SCHEDULE.maxDescriptionLength)
    throw invalid(`Description is longer than ${SCHEDULE.maxDescriptionLength} characters.`);
  requireTime('StartDate', StartDate);
  requireTime('EndDate', EndDate);
  // Intl takes an offset such as +02:00 as a time zone; EventBridge Scheduler has only the names of the IANA.
  if (/^[+-]/.test(ScheduleExpressionTimezone))
    throw invalid(`The ScheduleExpressionTimezone '${ScheduleExpressionTimezone}' is not valid.`);
  const settings: ScheduleSettings = {
    Name,
    GroupName,
    ScheduleExpression,
    ScheduleExpressionTimezone,
    State,
    ActionAfterCompletion,
    FlexibleTimeWindow: readWindow(asked.FlexibleTimeWindow),
    Target: readTarget(asked.Target),
    ...(StartDate !== undefined && { StartDate }),
    ...(EndDate !== undefined && { EndDate }),
    ...(asked.Description !== undefined && { Description: asked.Description }),
    ...(asked.KmsKeyArn !== undefined && { KmsKeyArn: asked.KmsKeyArn }),
  };
  recurrenceOf(settings);
  if (StartDate !== undefined && EndDate !== undefined && EndDate <= StartDate)
    throw invalid('The StartDate must come before the EndDate.');
  return settings;
}

/** When a schedule is due. @throws SchedulerError ValidationException when its expression is none */
export function recurrenceOf({
  ScheduleExpression,
  ScheduleExpressionTimezone,
}: Pick<ScheduleSettings, 'ScheduleExpression' | 'ScheduleExpressionTimezone'>): Recurrence {
  try {
    return parseExpression(ScheduleExpression, ScheduleExpressionTimezone);
  } catch (error) {
    // Whoever sent it has to change it.
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(`Invalid Schedule Expression ${ScheduleExpression}: ${reason}.`);
  }
}

/** @throws SchedulerError ValidationException */
export function requireClientToken(token: string | undefined): void {
  if (token !== undefined && !SCHEDULE.clientToken.test(token))
    throw invalid(`ClientToken does not match ${SCHEDULE.clientToken.source}`);
}

/** @throws SchedulerError ValidationException when it is no name of a schedule or a group */
export function requireName(field: string, name: string): void {
  if (!NAME.test(name)) throw invalid(`${field} '${name}' does not match ${NAME.source}`);
}

function readWindow(window: AskedSchedule['FlexibleTimeWindow']): ScheduleSettings['FlexibleTimeWindow'] {
  if (!window) throw invalid('FlexibleTimeWindow is missing.');
  const { Mode, MaximumWindowInMinutes: minutes } = window;
  requireOneOf('FlexibleTimeWindow.Mode', Mode, ['OFF', 'FLEXIBLE']);
  if (Mode === 'OFF' && minutes !== undefined)
    throw invalid('MaximumWindowInMinutes must not be set when the flexible time window is OFF.');
  if (Mode === 'FLEXIBLE') requireRange('MaximumWindowInMinutes', minutes, [1, SCHEDULE.maxWindowMinutes]);
  return window;
}

function readTarget(target: AskedSchedule['Target']): ScheduleTarget {
  const { Arn = '', RoleArn = '', Input, DeadLetterConfig, RetryPolicy = {} } = target ?? {};
  if (Arn === '' || RoleArn === '') throw invalid('Target.Arn and Target.RoleArn are required.');
  if (!SCHEDULE.roleArn.test(RoleArn)) throw invalid(`Target.RoleArn '${RoleArn}' is no ARN of a role.`);
  const [, service] = TARGETS.exec(Arn) ?? [];
  if (service === undefined)
    throw invalid(`Target ${Arn} is no SQS queue and no Lambda function; this machine has no other targets.`);
  if (Input === '') throw invalid('Target.Input is empty; leave it out for the event of EventBridge.');
  if (Input !== undefined && Buffer.byteLength(Input) > SCHEDULE.maxInputBytes)
    throw invalid(`Target.Input is larger than ${SCHEDULE.maxInputBytes} bytes.`);
  if (service === 'lambda' && Input !== undefined && !isJson(Input))
    throw invalid('Target.Input of a Lambda function is not valid JSON.');
  const group = target?.SqsParameters?.MessageGroupId;
  if (group !== undefined && !GROUP_OR_DEDUPLICATION_ID.test(group))
    throw invalid(
      `SqsParameters.MessageGroupId '${group}' does not match ${GROUP_OR_DEDUPLICATION_ID.source}`,
    );
  if (Arn.endsWith('.fifo') && group === undefined)
    throw invalid('SqsParameters.MessageGroupId is required for a FIFO queue.');
  const { MaximumEventAgeInSeconds: age, MaximumRetryAttempts: attempts } = RetryPolicy;
  if (age !== undefined) requireRange('MaximumEventAgeInSeconds', age, SCHEDULE.eventAgeSeconds);
  if (attempts !== undefined) requireRange('MaximumRetryAttempts', attempts, [0, SCHEDULE.maxRetryAttempts]);
  const deadLetterQueue = DeadLetterConfig?.Arn;
  if (deadLetterQueue !== undefined && !/^arn:[^:]+:sqs:.*(?<!\.fifo)$/.test(deadLetterQueue))
    throw invalid(`DeadLetterConfig.Arn ${deadLetterQueue} is no standard queue.`);
  return { ...target, Arn, RoleArn };
}

function requireOneOf(field: string, value: string, allowed: readonly string[]): void {
  if (!allowed.includes(value)) throw invalid(`${field} '${value}' is none of ${allowed.join(', ')}`);
}

/** A caller without an SDK may send anything. Were it kept, it would not be a number after a restart. */
function requireTime(field: string, seconds: unknown): void {
  if (seconds === undefined) return;
  if (typeof seconds === 'number' && !Number.isNaN(new Date(seconds * 1000).getTime())) return;
  throw invalid(`${field} is ${JSON.stringify(seconds)}; it must be a time in seconds since 1970`);
}

function requireRange(field: string, value: number | undefined, [min, max]: readonly [number, number]): void {
  if (value !== undefined && Number.isInteger(value) && value >= min && value <= max) return;
  throw invalid(`${field} is ${value}; it is a whole number from ${min} to ${max}`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // The caller says that it is none.
    return false;
  }
}
