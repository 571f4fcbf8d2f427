import { SCHEDULE } from '../aws-limits.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { newExecutionId, type Occurrence, timeTextOf } from './occurrence.ts';
import { recurrenceOf } from './read-settings.ts';
import type { KeptSchedule } from './schedule.ts';
import type { ScheduleStore } from './schedule-store.ts';
import {
  type GivenUp,
  MissingTargetError,
  sendToDeadLetterQueue,
  sendToTarget,
  type Targets,
} from './targets.ts';

/** Delay before the first try again; each later one is twice as long. */
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;
/** A timer is set for no longer than this, because Node's timers end at 24 days. */
const MAX_TIMER_MS = 60_000;

export interface DispatcherParts {
  readonly store: ScheduleStore;
  readonly clock: VirtualClock;
  readonly machine: Targets;
  /** Gets what nobody else is told: an occurrence that is lost. */
  readonly log: (line: string) => void;
}

/** An occurrence that is tried again. */
interface Retry {
  readonly occurrence: Occurrence;
  readonly at: number;
}

/** Sends schedules to their targets when they are due. */
export class Dispatcher {
  readonly #parts: DispatcherParts;
  /** What is on its way, by {@link versionOf}: a schedule that was changed meanwhile does not wait for it. */
  readonly #sending = new Set<string>();
  #retries: Retry[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isStopped = true;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** Begins: what became due while this machine was down is sent at once. */
  start(): void {
    this.#isStopped = false;
    this.plan();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** When the next schedule or retry is due: epoch milliseconds. */
  get nextAt(): number | undefined {
    let next = Math.min(...this.#retries.map(({ at }) => at));
    for (const one of this.#parts.store.all())
      if (isActive(one) && one.dueAt < next && !this.#sending.has(versionOf(one))) next = one.dueAt;
    return Number.isFinite(next) ? next : undefined;
  }

  /** Waits until the next one is due. Call it after every change of a schedule. */
  plan(): void {
    clearTimeout(this.#timer);
    const { nextAt } = this;
    if (this.#isStopped || nextAt === undefined) return;
    const milliseconds = Math.min(Math.max(nextAt - this.#parts.clock.now(), 0), MAX_TIMER_MS);
    this.#timer = setTimeout(() => void this.sendDue(), milliseconds);
    this.#timer.unref();
  }

  /** Sends all that is due, and waits until the targets have it. Never rejects. */
  async sendDue(): Promise<void> {
    const now = this.#parts.clock.now();
    const due = [...this.#parts.store.all()]
      .filter(isActive)
      .filter((one) => one.dueAt <= now && !this.#sending.has(versionOf(one)))
      .sort((one, other) => one.dueAt - other.dueAt);
    const retries = this.#retries.filter(({ at }) => at <= now);
    this.#retries = this.#retries.filter(({ at }) => at > now);
    const first = due.map((schedule) => this.#sendFirst(schedule));
    await Promise.all([...first, ...retries.map(({ occurrence }) => this.#send(occurrence))]);
    this.plan();
  }

  async #sendFirst(schedule: KeptSchedule): Promise<void> {
    const { dueAt: scheduledAt = 0 } = schedule;
    const version = versionOf(schedule);
    this.#sending.add(version);
    const occurrence = { schedule, scheduledAt, attempt: 1, executionId: newExecutionId() };
    const isDecided = await this.#send(occurrence);
    this.#sending.delete(version);
    // A one-time schedule stays due until its target has it, so that a process that dies sends it again.
    if (isDecided || recurrenceOf(schedule.settings).kind !== 'at') this.#complete(schedule);
    else this.#sending.add(version);
  }

  /** Tries it once. @returns whether the target has it, or it is given up */
  async #send(occurrence: Occurrence): Promise<boolean> {
    try {
      await sendToTarget(occurrence, this.#parts.machine);
    } catch (thrown) {
      // It is tried again, or it goes to the dead-letter queue.
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      const givenUp = this.#judge(occurrence, error);
      if (givenUp === undefined) return false;
      await this.#giveUp(occurrence, givenUp);
    }
    if (occurrence.attempt > 1) this.#decide(occurrence.schedule);
    return true;
  }

  /** Plans the next try. @returns why there is none */
  #judge(occurrence: Occurrence, error: Error): GivenUp | undefined {
    if (error instanceof MissingTargetError) return { error };
    const { RetryPolicy = {} } = occurrence.schedule.settings.Target;
    const { MaximumRetryAttempts = SCHEDULE.maxRetryAttempts } = RetryPolicy;
    const { MaximumEventAgeInSeconds = SCHEDULE.eventAgeSeconds[1] } = RetryPolicy;
    if (occurrence.attempt > MaximumRetryAttempts) return { error, condition: 'MaximumRetryAttempts' };
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (occurrence.attempt - 1), MAX_RETRY_MS);
    const at = this.#parts.clock.now() + delayMs;
    if (at > occurrence.scheduledAt + MaximumEventAgeInSeconds * 1000)
      return { error, condition: 'MaximumEventAgeInSeconds' };
    const next = { ...occurrence, attempt: occurrence.attempt + 1, executionId: newExecutionId() };
    this.#retries.push({ occurrence: next, at });
    return undefined;
  }

  async #giveUp(occurrence: Occurrence, givenUp: GivenUp): Promise<void> {
    const { machine, log } = this.#parts;
    const what = `The schedule ${occurrence.schedule.arn} of ${timeTextOf(occurrence.scheduledAt)}`;
    try {
      if (await sendToDeadLetterQueue(occurrence, givenUp, machine.sqs)) return;
      log(
        `${what} was not sent and has no dead-letter queue: ${givenUp.error.message || givenUp.error.name}`,
      );
    } catch (error) {
      // Nothing else can keep it, so the terminal says that it is lost.
      log(`${what} was not sent, nor to its dead-letter queue: ${String(error)}`);
    }
  }

  /** After the last retry. A recurring schedule has gone on before. */
  #decide(schedule: KeptSchedule): void {
    if (recurrenceOf(schedule.settings).kind !== 'at') return;
    this.#sending.delete(versionOf(schedule));
    this.#complete(schedule);
  }

  /** Sets when it is due next. A schedule that is completed is removed if it says so. */
  #complete(sent: KeptSchedule): void {
    const { store, clock, log } = this.#parts;
    const { GroupName, Name } = sent.settings;
    const current = store.schedule(GroupName, Name);
    // It was deleted or changed meanwhile, and then has its own time.
    if (current?.changedAt !== sent.changedAt || current.dueAt !== sent.dueAt) return;
    const { firstAt = 0, dueAt = 0, settings } = current;
    const next = recurrenceOf(settings).next(Math.max(clock.now(), dueAt), firstAt);
    const { dueAt: _, ...rest } = current;
    try {
      if (next !== undefined && next <= endOf(settings)) store.put({ ...rest, dueAt: next });
      else if (settings.ActionAfterCompletion === 'DELETE') store.remove(current);
      else store.put(rest);
    } catch (error) {
      // It holds in memory. Only a restart does not know it, and sends the schedule again.
      log(`The schedule ${sent.arn} is done, and that could not be written: ${String(error)}`);
    }
  }
}

function versionOf({ arn, changedAt }: KeptSchedule): string {
  return `${arn} ${changedAt}`;
}

function isActive(schedule: KeptSchedule): schedule is KeptSchedule & { readonly dueAt: number } {
  return schedule.dueAt !== undefined && schedule.settings.State === 'ENABLED';
}

/** Of a recurring schedule: epoch milliseconds. */
function endOf({ EndDate }: KeptSchedule['settings']): number {
  return EndDate === undefined ? Number.POSITIVE_INFINITY : EndDate * 1000;
}
