import { describeProblems, type Problem } from '../text/problem.ts';

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
  if (broken.length === 0) return;
  throw new TypeError(`${event} has data that breaks the contract: ${describeProblems(broken)}`);
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    // The caller says which one it is.
    return false;
  }
}
