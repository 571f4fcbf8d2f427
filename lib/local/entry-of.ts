/**
 * Looks an entry up by a name that comes from outside: a path, a template, a request.
 *
 * @returns undefined when there is none, also for names that every object inherits, such as `constructor`
 */
export function entryOf<T>(table: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}
