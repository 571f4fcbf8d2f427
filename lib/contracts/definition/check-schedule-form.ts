import { scheduleText } from '../envelope/schedule-text.ts';
import { JsonError, toJson } from '../json/json.ts';
import { shownValue } from '../text/shown-value.ts';

/**
 * Bytes of the data of a schedule as JSON, with the keywords of EventBridge Scheduler escaped. Its input has 256 KB at most, as a message has; the rest is for the attributes of the event.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
 */
const MAX_DATA_BYTES = 240_000;

const PROPERTIES: readonly string[] = ['expression', 'timezone', 'data'];

/**
 * Refuses a schedule that is no text and no object with an expression, or whose data could not be sent. TypeScript refuses the most of it already.
 *
 * @throws TypeError that names the event
 */
export function refuseWrongScheduleForm(versionedType: string, given: unknown): void {
  const event = `the schedule of ${versionedType}`;
  if (given === undefined || typeof given === 'string') return;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new TypeError(
      `${event} is ${shownValue(given)}; write 'rate(1 day)', or { expression: 'rate(1 day)', timezone, data }`,
    );
  const schedule: { readonly expression?: unknown; readonly data?: unknown } = given;
  const unknown = Object.keys(schedule).find((name) => !PROPERTIES.includes(name));
  if (unknown !== undefined)
    throw new TypeError(
      `${event} has '${unknown}', which no schedule has; it has expression, timezone and data`,
    );
  if (typeof schedule.expression !== 'string')
    throw new TypeError(
      `${event} has the expression ${shownValue(schedule.expression)}; write expression: 'rate(1 day)'`,
    );
  refuseUnsendable(event, schedule.data);
}

function refuseUnsendable(event: string, data: unknown): void {
  const bytes = Buffer.byteLength(scheduleText(textOf(event, data)));
  if (bytes <= MAX_DATA_BYTES) return;
  throw new TypeError(
    `${event} has data of ${bytes} bytes; EventBridge Scheduler takes ${MAX_DATA_BYTES} of them at most`,
  );
}

function textOf(event: string, data: unknown): string {
  try {
    return toJson({ data });
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new TypeError(`${event} has data that cannot be sent: ${cause.message}`, { cause });
  }
}
