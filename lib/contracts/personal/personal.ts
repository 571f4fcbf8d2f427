import { isJsonObject } from '../json/json.ts';

/** Where the data of an event names the person that the event is about. */
export interface Personal {
  /**
   * JSON pointer (RFC 6901) of a text or a number within the data, such as `/customerId`, by way of objects and not of lists.
   * `fanfare erase --subject` compares its value.
   */
  readonly subject: string;
}

/** The names of properties in a JSON pointer. The empty pointer, which is the document itself, has none. */
export function pathOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Whom data names, as text; undefined when it names nobody. */
export function subjectIn(data: unknown, { subject }: Personal): string | undefined {
  const value = pathOf(subject).reduce<unknown>(
    (inner, name) => (isJsonObject(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    data,
  );
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
