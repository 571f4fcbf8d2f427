import { describeIntake, type ShownIntake } from '../intake/shown-intake.ts';
import type { Problem } from '../problem.ts';

/** Something that is wrong with a consumer or the bus. */
export interface Trouble {
  readonly kind: 'alarm' | 'missing' | 'dead' | 'undelivered' | 'late' | 'replay' | 'breaker' | 'paused';
  /** Text to show, such as `3 dead letters`. */
  readonly detail: string;
}

/** The state by which trouble is found; null means not known. */
export interface Observed {
  readonly alarms: readonly string[] | null;
  readonly dead: number | null;
  readonly undelivered: number | null;
  readonly waiting: number | null;
  readonly inFlight: number | null;
  readonly oldestAgeSeconds: number | null;
  /** Minutes in which some message was always in flight and none was deleted. */
  readonly stalledMinutes: number;
  /** A message that was received once should be done after this: the visibility timeout plus the delay of the queue. */
  readonly lateAfterSeconds: number | null;
  readonly problems: readonly Problem[];
  readonly intake: ShownIntake | null;
}

/** Finds what is wrong with a consumer. Of its problems, only resources that do not exist count as trouble. */
export function troubleOf(observed: Observed): readonly Trouble[] {
  const { alarms, dead, undelivered, problems } = observed;
  return [
    ...(alarms ?? []).map((name) => ({ kind: 'alarm' as const, detail: `alarm ${name} is on` })),
    ...missingOf(problems),
    ...stoppedOf(observed),
    ...(dead ? [{ kind: 'dead' as const, detail: count(dead, 'dead letter') }] : []),
    ...(undelivered
      ? [
          {
            kind: 'undelivered' as const,
            detail: `${count(undelivered, 'event')} that SNS could not deliver`,
          },
        ]
      : []),
    ...lateOf(observed),
  ];
}

/** The resources that do not exist, among what could not be read. */
export function missingOf(problems: readonly Problem[]): readonly Trouble[] {
  return problems
    .filter(({ missing }) => missing)
    .map(({ resource, name }) => ({ kind: 'missing', detail: `${resource} ${name} does not exist` }));
}

/** A breaker that is open, or a pause: what waits is handled by nobody, and SQS deletes it when it is too old. */
function stoppedOf({ intake }: Observed): readonly Trouble[] {
  if (intake === null || intake.state === 'flowing') return [];
  return [{ kind: intake.state === 'tripped' ? 'breaker' : 'paused', detail: describeIntake(intake) }];
}

function lateOf({
  waiting,
  inFlight,
  oldestAgeSeconds,
  stalledMinutes,
  lateAfterSeconds,
}: Observed): readonly Trouble[] {
  if (lateAfterSeconds === null) return [];
  const limit = `${lateAfterSeconds} s`;
  if ((waiting ?? 0) + (inFlight ?? 0) > 0 && (oldestAgeSeconds ?? 0) > lateAfterSeconds) {
    const age = `${Math.round(oldestAgeSeconds ?? 0)} s`;
    const unfinished = `${count(waiting ?? 0, 'message')} waiting, ${inFlight ?? 0} in flight`;
    return [{ kind: 'late', detail: `the oldest message is ${age} old, over ${limit} (${unfinished})` }];
  }
  if ((inFlight ?? 0) > 0 && stalledMinutes * 60 > lateAfterSeconds) {
    const detail = `${count(inFlight ?? 0, 'message')} in flight, and none was done for ${stalledMinutes} min, over ${limit}`;
    return [{ kind: 'late', detail }];
  }
  return [];
}

/** A number and its noun, in the singular or plural. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
