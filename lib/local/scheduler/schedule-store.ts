import { join } from 'node:path';
import { makePrivateFolder } from '../state/private-files.ts';
import { DEFAULT_GROUP, type KeptGroup, type KeptSchedule } from './schedule.ts';
import { type KeptChange, ScheduleFile } from './schedule-file.ts';

/** The schedules and groups of this machine, by `<group>/<name>` and by name. */
export class ScheduleStore {
  readonly #schedules = new Map<string, KeptSchedule>();
  readonly #groups = new Map<string, KeptGroup>();
  readonly #file: ScheduleFile | undefined;

  /**
   * @param dataDirectory folder that keeps schedules over restarts; when undefined, they are kept in memory
   * @param log gets a line when a kept schedule cannot be read
   */
  constructor(dataDirectory: string | undefined, log: (line: string) => void) {
    if (dataDirectory === undefined) return;
    makePrivateFolder(dataDirectory);
    this.#file = new ScheduleFile(join(dataDirectory, 'schedules.jsonl'));
    for (const change of this.#file.read(log)) this.#apply(change);
    for (const [key, kept] of this.#schedules) this.#schedules.set(key, withReadableTime(kept, log));
    const groups = [...this.#groups.values()].map((group) => ({ group }));
    const schedules = [...this.#schedules.values()].map((schedule) => ({ schedule }));
    this.#file.rewrite([...groups, ...schedules]);
  }

  /** All schedules, by group and name. */
  get schedules(): readonly KeptSchedule[] {
    return inOrder(this.#schedules);
  }

  /** All schedules, in no order. */
  all(): IterableIterator<KeptSchedule> {
    return this.#schedules.values();
  }

  /** All groups but the default one, by name. */
  get groups(): readonly KeptGroup[] {
    return inOrder(this.#groups);
  }

  schedule(group: string, name: string): KeptSchedule | undefined {
    return this.#schedules.get(keyOf(group, name));
  }

  group(name: string): KeptGroup | undefined {
    return this.#groups.get(name);
  }

  hasGroup(name: string): boolean {
    return name === DEFAULT_GROUP || this.#groups.has(name);
  }

  put(schedule: KeptSchedule): void {
    this.#change({ schedule });
  }

  remove({ settings: { GroupName, Name } }: KeptSchedule): void {
    this.#change({ removedSchedule: keyOf(GroupName, Name) });
  }

  putGroup(group: KeptGroup): void {
    this.#change({ group });
  }

  /** Removes a group with its schedules. */
  removeGroup(name: string): void {
    for (const schedule of this.schedules) if (schedule.settings.GroupName === name) this.remove(schedule);
    this.#change({ removedGroup: name });
  }

  #change(change: KeptChange): void {
    this.#apply(change);
    this.#file?.append(change);
  }

  #apply(change: KeptChange): void {
    if ('schedule' in change) {
      const { GroupName, Name } = change.schedule.settings;
      this.#schedules.set(keyOf(GroupName, Name), change.schedule);
    } else if ('removedSchedule' in change) this.#schedules.delete(change.removedSchedule);
    else if ('group' in change) this.#groups.set(change.group.name, change.group);
    else this.#groups.delete(change.removedGroup);
  }
}

/** Without the time when it is due next if that is no number: it would stop all others. */
function withReadableTime(kept: KeptSchedule, log: (line: string) => void): KeptSchedule {
  const { dueAt, ...rest } = kept;
  if (dueAt === undefined || Number.isFinite(dueAt)) return kept;
  log(
    `The schedule ${kept.arn} is not sent: it was kept with ${JSON.stringify(dueAt)} as the time when it is due next. Update it, or delete it.`,
  );
  return rest;
}

function keyOf(group: string, name: string): string {
  return `${group}/${name}`;
}

function inOrder<T>(map: ReadonlyMap<string, T>): readonly T[] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, value]) => value);
}
