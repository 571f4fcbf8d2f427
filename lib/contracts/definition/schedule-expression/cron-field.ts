/** What a field of a cron expression may hold. */
export interface FieldRange {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values from `min` on. @default - only numbers */
  readonly names?: readonly string[];
}

/**
 * The values of a field: `*`, numbers or names, ranges (`1-5`), steps (`0/15`) and lists of them.
 *
 * @throws RangeError that says what the field may hold
 */
export function valuesOf(text: string, range: FieldRange): ReadonlySet<number> {
  return new Set(text.split(',').flatMap((part) => valuesOfPart(part, range)));
}

function valuesOfPart(part: string, range: FieldRange): readonly number[] {
  const [, from = '', to, step] = /^([^-/]+)(?:-([^-/]+))?(?:\/(\d+))?$/.exec(part) ?? [];
  const first = from === '*' ? range.min : numberOf(from, range);
  const isOpen = from === '*' || step !== undefined;
  const last = to === undefined ? (isOpen ? range.max : first) : numberOf(to, range);
  const by = step === undefined ? 1 : Number(step);
  if (by === 0 || (from === '*' && to !== undefined)) throw refuse(part, range);
  const values: number[] = [];
  // A range such as FRI-MON goes over the end of the week.
  const end = last >= first ? last : last + range.max - range.min + 1;
  for (let value = first; value <= end; value += by)
    values.push(value > range.max ? value - range.max + range.min - 1 : value);
  return values;
}

function numberOf(text: string, range: FieldRange): number {
  const named = range.names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + range.min : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= range.min && value <= range.max) return value;
  throw refuse(text, range);
}

function refuse(text: string, { name, min, max }: FieldRange): RangeError {
  return new RangeError(`'${text}' is no value of its ${name}; values are from ${min} to ${max}`);
}
