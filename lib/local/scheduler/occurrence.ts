import { randomBytes, randomUUID } from 'node:crypto';
import { entryOf } from '../functions/entry-of.ts';
import type { KeptSchedule } from './schedule.ts';

/** One time at which a schedule is due. */
export interface Occurrence {
  readonly schedule: KeptSchedule;
  /** Epoch milliseconds. */
  readonly scheduledAt: number;
  /** Of this try, from 1. */
  readonly attempt: number;
  /** Of this try. */
  readonly executionId: string;
}

const EXECUTION_ID_BYTES = 8;

export function newExecutionId(): string {
  return randomBytes(EXECUTION_ID_BYTES).toString('hex');
}

/** As `<aws.scheduler.scheduled-time>` shows it: without milliseconds. */
export function timeTextOf(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/**
 * The input of the target, with the context attributes replaced. A schedule without `Input` sends an event of EventBridge's form.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function inputOf({ schedule, scheduledAt, attempt, executionId }: Occurrence): string {
  const { arn, settings } = schedule;
  const time = timeTextOf(scheduledAt);
  const attributes: Readonly<Record<string, string>> = {
    'schedule-arn': arn,
    'scheduled-time': time,
    'execution-id': executionId,
    'attempt-number': String(attempt),
  };
  const { Input = defaultInput(arn, time) } = settings.Target;
  return Input.replace(
    /<aws\.scheduler\.([a-z-]+)>/g,
    (text, name: string) => entryOf(attributes, name) ?? text,
  );
}

function defaultInput(arn: string, time: string): string {
  const [, , , region, account] = arn.split(':');
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account,
    time,
    region,
    resources: [arn],
    detail: '{}',
  });
}
