/** When the bus publishes an event by itself. */
export interface RecurringSchedule<Data = unknown> {
  /** `rate(5 minutes)`, or `cron(0 6 ? * MON-FRI *)`: minutes, hours, day of month, month, day of week, year. */
  readonly expression: string;
  /** Name of a time zone, such as `Europe/Berlin`. @default UTC */
  readonly timezone?: string;
  /** The data of each event. @default {} */
  readonly data?: Data;
}

/** The schedule of an event, with its defaults. */
export type EventSchedule = Required<RecurringSchedule>;

/** The schedule of a definition with its defaults: in UTC, and with no data. */
export function scheduleOf(given: string | RecurringSchedule | undefined): EventSchedule | undefined {
  if (given === undefined) return undefined;
  const {
    expression,
    timezone = 'UTC',
    data = {},
  }: RecurringSchedule = typeof given === 'string' ? { expression: given } : given;
  return { expression, timezone, data };
}
