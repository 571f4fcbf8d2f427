import { ESCAPED_KEYWORD, SCHEDULE_KEYWORD, scheduleText } from '../contracts/envelope/schedule-text.ts';
import { type LaterMessage, type RecurringEvent, serializeLaterMessage } from './later-message.ts';

/** Is replaced by EventBridge Scheduler with the time that a schedule fires for, such as `2026-03-22T18:59:43Z`. @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/** The input of a schedule: a message of the queue of later events, whatever its data says. */
export function scheduleInput(message: LaterMessage): string {
  return scheduleText(serializeLaterMessage(message));
}

/** The input of a schedule that fires again and again. Its messages say for what time they are. */
export function recurringInput({ data, ...rest }: Omit<RecurringEvent, 'scheduledAt'>): string {
  // The time stands first, so that it is found before the data.
  const text = scheduleInput({ recurring: { scheduledAt: SCHEDULED_TIME, ...rest, data } });
  return text.replace(ESCAPED_KEYWORD, SCHEDULE_KEYWORD);
}
