import type { GetScheduleOutput } from '@aws-sdk/client-scheduler';
import { readLaterMessage } from '../../later/later-message.ts';

/** An event that comes later, or again and again, as its schedule describes it. */
export interface ScheduledEvent {
  /** Name of its schedule. */
  readonly name: string;
  /** Its type on the wire, such as `shop.PaymentTimedOut.v1`. */
  readonly type: string;
  readonly source: string;
  /** Undefined: it is made anew each time. */
  readonly id?: string | undefined;
  /** What its consumer calls it. @default - none */
  readonly key?: string | undefined;
  readonly correlationId?: string | undefined;
  /** When it is delivered, epoch milliseconds. Undefined: it comes again and again, as `expression` says. */
  readonly deliverAt?: number | undefined;
  /** Of EventBridge Scheduler, such as `cron(0 6 * * ? *)`. Undefined: it comes once. */
  readonly expression?: string | undefined;
  /** Of `expression`. */
  readonly timezone?: string | undefined;
  /** Whether it is sent when it is due. */
  readonly isEnabled: boolean;
}

const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/** Reads the event of a schedule. @throws Error when its input is no message of the queue of later events, saying what is wrong */
export function scheduledEventOf(schedule: GetScheduleOutput): ScheduledEvent {
  const { Name: name = '', Target, State, ScheduleExpression, ScheduleExpressionTimezone } = schedule;
  const isEnabled = State !== 'DISABLED';
  // The scheduler writes the time into it when it sends it.
  const input = (Target?.Input ?? '').replaceAll(SCHEDULED_TIME, new Date(0).toISOString());
  const message = readLaterMessage(input);
  if ('cancel' in message) throw new TypeError('the schedule cancels something');
  if ('recurring' in message) {
    const { type, source } = message.recurring;
    const timezone = ScheduleExpressionTimezone ?? 'UTC';
    return { name, type, source, expression: ScheduleExpression, timezone, isEnabled };
  }
  const { event, key } = message;
  const { type, source, id, correlationid: correlationId } = event;
  return { name, type, source, id, key, correlationId, deliverAt: dueOf(event.deliverat), isEnabled };
}

function dueOf(deliverAt: unknown): number | undefined {
  const at = typeof deliverAt === 'string' ? Date.parse(deliverAt) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
