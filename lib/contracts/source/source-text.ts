import { refuseDeepValue } from './nesting.ts';
import { InexpressibleSchemaError } from './read-keywords.ts';

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** Indents a text by one level. Source text of contracts has no line break within a string. */
export function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : `  ${line}`))
    .join('\n');
}

/** A text in quotes. JSON leaves the ends of lines U+2028 and U+2029 as they are, and TypeScript takes them for such in a comment. */
export function quote(text: string): string {
  return escapeLineEnds(JSON.stringify(text));
}

function escapeLineEnds(text: string): string {
  return text.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** The name of a member of an object literal. */
export function nameSource(name: string): string {
  return IDENTIFIER.test(name) && name !== '__proto__' ? name : quote(name);
}

/**
 * A JSON value as source text.
 *
 * @throws InexpressibleSchemaError when it is too deep, or has a member `__proto__`, which means something else in a literal
 */
export function valueSource(value: unknown, pointer: string): string {
  refuseDeepValue(value, pointer);
  const text = JSON.stringify(value, (name, inner: unknown) => {
    if (name === '__proto__')
      throw new InexpressibleSchemaError(pointer, `no value may have a member '__proto__'`);
    return inner;
  });
  return escapeLineEnds(text);
}
