/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Stands for a value that is another one with every run: a time, a random id. */
const ANY = '\u0000any';

/**
 * What two runs have in common that differ in nothing but time and chance. Where they differ, any value will do.
 */
export function commonPattern(a: Json, b: Json): Json {
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length)
    return a.map((one, index) => commonPattern(one, b[index]));
  if (isObject(a) && isObject(b) && Object.keys(a).sort().join() === Object.keys(b).sort().join())
    return Object.fromEntries(
      Object.entries(a).map(([name, value]) => [name, commonPattern(value, b[name] ?? null)]),
    );
  return JSON.stringify(a) === JSON.stringify(b) ? a : ANY;
}

export function matches(pattern: Json, value: Json): boolean {
  if (pattern === ANY) return true;
  if (Array.isArray(pattern))
    return (
      Array.isArray(value) &&
      pattern.length === value.length &&
      pattern.every((one, index) => matches(one, value[index]))
    );
  if (isObject(pattern)) {
    if (!isObject(value)) return false;
    const names = Object.keys(pattern);
    return (
      names.length === Object.keys(value).length &&
      names.every((name) => name in value && matches(pattern[name] ?? null, value[name] ?? null))
    );
  }
  return pattern === value;
}

/** How much of a pattern is fixed: those that say the most are matched first. */
export function precision(pattern: Json): number {
  if (pattern === ANY) return 0;
  if (Array.isArray(pattern)) return pattern.reduce<number>((sum, one) => sum + precision(one), 1);
  if (isObject(pattern)) return Object.values(pattern).reduce<number>((sum, one) => sum + precision(one), 1);
  return 1;
}

/** As a person reads it. */
export function describe(pattern: Json): string {
  return JSON.stringify(pattern).replaceAll(JSON.stringify(ANY), '(any)');
}

export function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
