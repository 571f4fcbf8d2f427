import { isDeepStrictEqual } from 'node:util';
import { SCHEDULE } from '../aws-limits.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { Dispatcher } from './dispatcher.ts';
import { type AskedSchedule, readSettings, recurrenceOf, requireName } from './read-settings.ts';
import { DEFAULT_GROUP, type KeptGroup, type KeptSchedule, type ScheduleSettings } from './schedule.ts';
import { ScheduleStore } from './schedule-store.ts';
import { conflict, invalid, notFound } from './scheduler-error.ts';
import type { Targets } from './targets.ts';

export interface SchedulerParts {
  readonly region: string;
  readonly clock: VirtualClock;
  readonly machine: Targets;
  /** Folder that keeps schedules over restarts. @default - they are kept in memory */
  readonly dataDirectory: string | undefined;
  readonly log: (line: string) => void;
}

/** A StartDate may lie so far in the past. */
const START_TOLERANCE_MS = 5 * 60_000;

/** EventBridge Scheduler on this machine: schedules of queues and functions, kept and sent when they are due. */
export class Scheduler {
  readonly #region: string;
  readonly #clock: VirtualClock;
  readonly #store: ScheduleStore;
  readonly #dispatcher: Dispatcher;

  constructor({ region, clock, machine, dataDirectory, log }: SchedulerParts) {
    this.#region = region;
    this.#clock = clock;
    this.#store = new ScheduleStore(dataDirectory, log);
    this.#dispatcher = new Dispatcher({ store: this.#store, clock, machine, log });
  }

  /** Begins to send. What became due while this machine was down is sent at once. */
  start(): void {
    this.#dispatcher.start();
  }

  stop(): void {
    this.#dispatcher.stop();
  }

  /** When something is due next: epoch milliseconds. */
  get nextAt(): number | undefined {
    return this.#dispatcher.nextAt;
  }

  /** Sends all that is due, and waits until the targets have it. */
  sendDue(): Promise<void> {
    return this.#dispatcher.sendDue();
  }

  /** @throws SchedulerError when it is refused, or exists and was made by another request */
  create(
    asked: AskedSchedule,
    { account, clientToken }: { readonly account: string; readonly clientToken?: string },
  ): KeptSchedule {
    const settings = readSettings(asked);
    const { GroupName, Name, StartDate } = settings;
    this.#requireGroup(GroupName);
    const existing = this.#store.schedule(GroupName, Name);
    if (existing) {
      if (existing.clientToken !== undefined && existing.clientToken === clientToken) return existing;
      throw conflict(`Schedule ${Name} already exists.`);
    }
    const now = this.#clock.now();
    if (StartDate !== undefined && StartDate * 1000 < now - START_TOLERANCE_MS)
      throw invalid('The StartDate you specify cannot be earlier than 5 minutes ago.');
    const arn = `arn:aws:scheduler:${this.#region}:${account}:schedule/${GroupName}/${Name}`;
    return this.#put({ arn, settings, createdAt: now, ...(clientToken !== undefined && { clientToken }) });
  }

  /** Replaces all settings: what is left out has its default again. @throws SchedulerError when it is refused or does not exist */
  update(asked: AskedSchedule): KeptSchedule {
    const settings = readSettings(asked);
    const { arn, createdAt, clientToken } = this.get(settings.Name, settings.GroupName);
    return this.#put({ arn, settings, createdAt, ...(clientToken !== undefined && { clientToken }) });
  }

  /** Creates it, or changes it when it has other settings: as CloudFormation does. */
  putFromTemplate(asked: AskedSchedule, account: string): KeptSchedule {
    const settings = readSettings(asked);
    const existing = this.#store.schedule(settings.GroupName, settings.Name);
    if (!existing) return this.create(asked, { account });
    return isDeepStrictEqual(existing.settings, settings) ? existing : this.update(asked);
  }

  /** @throws SchedulerError ResourceNotFoundException */
  get(name: string, group = DEFAULT_GROUP): KeptSchedule {
    const found = this.#store.schedule(group, name);
    if (!found) throw notFound(`Schedule ${name} does not exist.`);
    return found;
  }

  /** @throws SchedulerError ResourceNotFoundException */
  remove(name: string, group?: string): void {
    this.#store.remove(this.get(name, group));
    this.#dispatcher.plan();
  }

  /** Removes the schedule with this ARN, if there is one. */
  removeByArn(arn: string): void {
    for (const one of this.#store.schedules) if (one.arn === arn) this.#store.remove(one);
    this.#dispatcher.plan();
  }

  /** By group and name. @throws SchedulerError ResourceNotFoundException when there is no such group */
  list({ group, prefix = '', state }: ListFilter): readonly KeptSchedule[] {
    if (group !== undefined) this.#requireGroup(group);
    return this.#store.schedules.filter(
      ({ settings: { GroupName, Name, State } }) =>
        (group ?? GroupName) === GroupName && Name.startsWith(prefix) && (state ?? State) === State,
    );
  }

  /** @throws SchedulerError when it exists, or its name is none */
  createGroup(name: string, account: string): KeptGroup {
    requireName('Name', name);
    if (this.#store.hasGroup(name)) throw conflict(`Schedule group ${name} already exists.`);
    return this.putGroupFromTemplate(name, account);
  }

  /** Creates it, unless it exists: it has nothing that could be changed. */
  putGroupFromTemplate(name: string, account: string): KeptGroup {
    const existing = this.#store.group(name);
    if (existing) return existing;
    const group = { arn: this.#groupArn(name, account), name, createdAt: this.#clock.now() };
    this.#store.putGroup(group);
    return group;
  }

  /** @throws SchedulerError ResourceNotFoundException */
  group(name: string, account: string): KeptGroup {
    this.#requireGroup(name);
    return this.#store.group(name) ?? { arn: this.#groupArn(name, account), name, createdAt: 0 };
  }

  /** By name, with the default one. */
  groups(account: string): readonly KeptGroup[] {
    return [this.group(DEFAULT_GROUP, account), ...this.#store.groups];
  }

  /** Removes a group with its schedules. @throws SchedulerError when it does not exist, or is the default one */
  removeGroup(name: string): void {
    this.#requireGroup(name);
    if (name === DEFAULT_GROUP) throw invalid('The default schedule group cannot be deleted.');
    this.#store.removeGroup(name);
    this.#dispatcher.plan();
  }

  #put(known: Omit<KeptSchedule, 'firstAt' | 'dueAt' | 'changedAt'>): KeptSchedule {
    const changedAt = this.#clock.now();
    const { settings } = known;
    const startMs = settings.StartDate === undefined ? changedAt : settings.StartDate * 1000;
    const dueAt = firstDueAt(settings, startMs);
    const schedule = { ...known, changedAt, ...(dueAt !== undefined && { firstAt: dueAt, dueAt }) };
    this.#store.put(schedule);
    this.#dispatcher.plan();
    return schedule;
  }

  #requireGroup(name: string): void {
    if (!this.#store.hasGroup(name)) throw notFound(`Schedule group ${name} does not exist.`);
  }

  #groupArn(name: string, account: string): string {
    return `arn:aws:scheduler:${this.#region}:${account}:schedule-group/${name}`;
  }
}

/** Which schedules are listed. */
export interface ListFilter {
  readonly group?: string;
  readonly prefix?: string;
  readonly state?: string;
}

/** A one-time schedule ignores its StartDate and EndDate, as on AWS. */
function firstDueAt(settings: ScheduleSettings, startMs: number): number | undefined {
  const recurrence = recurrenceOf(settings);
  const first = recurrence.first(startMs);
  const { EndDate } = settings;
  const isOver = first !== undefined && EndDate !== undefined && first > EndDate * 1000;
  return recurrence.kind !== 'at' && isOver ? undefined : first;
}

/** One page of a list. @throws SchedulerError ValidationException */
export function pageOf<T>(
  all: readonly T[],
  { token, max }: { readonly token?: string; readonly max?: string },
  keyOf: (one: T) => string,
): { readonly page: readonly T[]; readonly NextToken?: string } {
  const count = max === undefined ? SCHEDULE.maxListed : Number(max);
  if (!Number.isInteger(count) || count < 1 || count > SCHEDULE.maxListed)
    throw invalid(`MaxResults is ${max}; it is a whole number from 1 to ${SCHEDULE.maxListed}`);
  const after = token === undefined ? undefined : Buffer.from(token, 'base64url').toString();
  const rest = after === undefined ? all : all.filter((one) => keyOf(one) > after);
  const page = rest.slice(0, count);
  const last = page.at(-1);
  if (last === undefined || page.length === rest.length) return { page };
  return { page, NextToken: Buffer.from(keyOf(last)).toString('base64url') };
}
