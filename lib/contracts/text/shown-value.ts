/** A value of a definition, or an option, that has the wrong type: as a message shows it. Whatever the value is, it does not throw. */
export function shownValue(value: unknown): string {
  if (typeof value === 'string') return `'${value.toWellFormed()}'`;
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a Date';
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
    ? `a value of the type ${typeof value}`
    : String(value);
}
