import { toError } from '../text/error-reason.ts';
import { describeProblems, type Problem } from '../text/problem.ts';
import { parseExpression } from './schedule-expression/parse-expression.ts';
import { isTimeZone } from './schedule-expression/zoned-time.ts';

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
const RATE = /^rate\([1-9]\d* (?:minute|hour|day)s?\)$/;
const CRON = /^cron\(\S+(?: \S+){5}\)$/;

/**
 * Refuses a schedule that EventBridge Scheduler would not take, or whose events would break their contract.
 *
 * @param broken the problems of its data
 * @throws TypeError that names the event
 */
export function refuseWrongSchedule(
  versionedType: string,
  { expression, timezone }: { readonly expression: string; readonly timezone: string },
  broken: readonly Problem[],
): void {
  const event = `the schedule of ${versionedType}`;
  if (!RATE.test(expression) && !CRON.test(expression)) {
    throw new TypeError(
      `${event} is '${expression}'; write rate(5 minutes), or cron(0 6 ? * MON-FRI *) with six fields`,
    );
  }
  if (!isTimeZone(timezone)) {
    throw new TypeError(
      `${event} has the time zone '${timezone}', which is none; write for example Europe/Berlin`,
    );
  }
  refuseUnparsable(event, expression, timezone);
  if (broken.length === 0) return;
  throw new TypeError(`${event} has data that breaks the contract: ${describeProblems(broken)}`);
}

function refuseUnparsable(event: string, expression: string, timezone: string): void {
  try {
    parseExpression(expression, timezone);
  } catch (error) {
    throw new TypeError(`${event} is '${expression}': ${toError(error).message}`, { cause: error });
  }
}
