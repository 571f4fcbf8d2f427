import type { Node } from 'constructs';
import { ARCHIVE_NAMES, type ArchiveSettings } from './archive-names.ts';
import { text } from './context-text.ts';

/** A century: S3 takes more, nobody means it. */
const MAX_DAYS = 36_500;

/** @throws TypeError naming the setting, what it is, and what it may be */
export function readArchive(node: Node): ArchiveSettings | undefined {
  if (!readSwitch(node, 'archive', 'on')) {
    const other = ARCHIVE_NAMES.find((name) => name !== 'archive' && node.tryGetContext(name) !== undefined);
    if (other === undefined) return undefined;
    throw new TypeError(`${other} is set, but archive is off; leave one of the two out`);
  }
  const days = readDays(node, 'archiveDays');
  const coldDays = readDays(node, 'archiveColdDays');
  if (days !== undefined && coldDays !== undefined && coldDays >= days) {
    throw new TypeError(
      `archiveColdDays is ${coldDays} and archiveDays is ${days}; S3 would delete the events before it moves them`,
    );
  }
  return { days, coldDays, table: readSwitch(node, 'archiveTable', 'off') };
}

function readSwitch(node: Node, name: 'archive' | 'archiveTable', byDefault: 'on' | 'off'): boolean {
  const value = text(node, name) ?? byDefault;
  if (value === 'on' || value === 'off') return value === 'on';
  throw new TypeError(`${name} '${value}' does not exist; use on or off`);
}

function readDays(node: Node, name: 'archiveDays' | 'archiveColdDays'): number | undefined {
  const value: unknown = node.tryGetContext(name);
  if (value === undefined) return undefined;
  const days = Number(value);
  if (String(value).trim() !== '' && Number.isInteger(days) && days >= 1 && days <= MAX_DAYS) return days;
  throw new TypeError(
    `${name} is ${JSON.stringify(value)}; give it a whole number of days from 1 to ${MAX_DAYS}: -c ${name}=...`,
  );
}
