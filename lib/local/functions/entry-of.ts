/**
 * Looks up an entry by a name that comes from outside, such as from a path, a template or a request.
 *
 * @returns undefined when there is no such entry, also for names that every object inherits, such as `constructor`
 */
export function entryOf<T>(table: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}
