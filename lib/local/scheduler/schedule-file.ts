import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readKeptLines } from '../state/kept-lines.ts';
import { makePrivateFile, OWNER_ONLY_FILE } from '../state/private-files.ts';
import { recurrenceOf } from './read-settings.ts';
import type { KeptGroup, KeptSchedule } from './schedule.ts';

/** A change of what is kept: the latest line of a schedule or a group holds. */
export type KeptChange =
  | { readonly schedule: KeptSchedule }
  | { readonly removedSchedule: string }
  | { readonly group: KeptGroup }
  | { readonly removedGroup: string };

/** Keeps schedules over restarts: one line for every change, in a file that only its owner can read. */
export class ScheduleFile {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    makePrivateFile(file);
  }

  /**
   * Reads all changes, oldest first. A file with lines that cannot be read is copied before: {@link rewrite} removes them, and another Node may
   * read them.
   *
   * @param log gets a line when some of the file cannot be read
   */
  read(log: (line: string) => void): readonly KeptChange[] {
    const { values, unreadable } = readKeptLines(this.#file, isChange);
    if (unreadable.length > 0)
      log(
        `${this.#file}: ignored line ${unreadable.join(', ')}: not a schedule that can be read, or only half written when the runner died; ` +
          `the file as it was is kept as ${basename(this.#copy())}`,
      );
    return values;
  }

  /** Copies the file. @returns the copy, which is beside it, and beside earlier ones */
  #copy(): string {
    let number = 1;
    while (existsSync(`${this.#file}.unread-${number}`)) number++;
    const copy = `${this.#file}.unread-${number}`;
    const content = readFileSync(this.#file);
    writeFileSync(copy, content, { mode: OWNER_ONLY_FILE });
    return copy;
  }

  append(change: KeptChange): void {
    const line = `${JSON.stringify(change)}\n`;
    appendFileSync(this.#file, line, { mode: OWNER_ONLY_FILE });
  }

  /** Replaces all lines, so that the file does not grow for ever. */
  rewrite(changes: readonly KeptChange[]): void {
    const lines = changes.map((change) => `${JSON.stringify(change)}\n`).join('');
    writeFileSync(`${this.#file}.new`, lines, { mode: OWNER_ONLY_FILE });
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function isChange(value: unknown): value is KeptChange {
  if (typeof value !== 'object' || value === null) return false;
  const change: Readonly<Record<string, unknown>> = { ...value };
  if ('removedSchedule' in change) return typeof change.removedSchedule === 'string';
  if ('removedGroup' in change) return typeof change.removedGroup === 'string';
  if ('group' in change) return hasTexts(change.group, ['arn', 'name']);
  const { schedule } = change;
  return hasTexts(schedule, ['arn']) && 'settings' in schedule && isSettings(schedule.settings);
}

/** Whether a schedule can be listed and sent. Whatever else it has was checked when it came in. */
function isSettings(value: unknown): boolean {
  if (!hasTexts(value, ['Name', 'GroupName', 'State', 'ScheduleExpression', 'ScheduleExpressionTimezone']))
    return false;
  const { ScheduleExpression, ScheduleExpressionTimezone } = value;
  try {
    recurrenceOf({ ScheduleExpression, ScheduleExpressionTimezone });
  } catch {
    // It is no expression, or this machine does not know its time zone. The caller names the line.
    return false;
  }
  return 'Target' in value && hasTexts(value.Target, ['Arn']);
}

function hasTexts<K extends string>(
  value: unknown,
  names: readonly K[],
): value is Readonly<Record<K, string>> {
  if (typeof value !== 'object' || value === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return names.every((name) => typeof fields[name] === 'string');
}
