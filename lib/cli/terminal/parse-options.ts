import { InvalidArgumentError } from 'commander';
import { MOMENT_EXAMPLES, readMoment } from '../../ops/archive/read-moment.ts';

/** A whole number within bounds, written in digits. */
export function wholeNumber({ min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number }) {
  return (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const upTo = max === Number.MAX_SAFE_INTEGER ? '' : ` up to ${max}`;
    throw new InvalidArgumentError(`Say a whole number from ${min}${upTo}.`);
  };
}

/** A TCP port. Where a server is started, 0 chooses a free one. */
export const portNumber = wholeNumber({ min: 0, max: 65_535 });

/** A text that is not empty: an empty one, as of a variable that is not set, must not select everything. */
export function nonEmpty(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('It is empty.');
}

/** Of an option that may be said several times: none of the texts is empty. */
export function nonEmptyEach(text: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, nonEmpty(text)];
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 };

/** A time span in seconds: `90`, `90s`, `15m`, `2h` or `7d`; not more than since 1970. */
export function seconds(text: string): number {
  const [, digits, unit = ''] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  const value = Number(digits) * (UNIT_SECONDS[unit] ?? Number.NaN);
  if (value * 1_000 <= Date.now()) return value;
  throw new InvalidArgumentError('Say seconds, or a time such as 90s, 15m, 2h or 7d; none before 1970.');
}

/** A moment in epoch milliseconds: an ISO 8601 time such as `2026-11-27T04:00Z`, or how long ago: `90s`, `15m`, `2h` or `7d`. */
export function moment(text: string): number {
  const at = readMoment(text, Date.now());
  if (at !== undefined) return at;
  throw new InvalidArgumentError(`Say ${MOMENT_EXAMPLES}.`);
}

/** The id of an AWS account. */
export function accountId(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError('Say the twelve digits of an AWS account.');
}
