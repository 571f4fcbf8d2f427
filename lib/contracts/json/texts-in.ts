import { parseStoredJson } from './stored-json.ts';

/**
 * All texts, numbers and names of fields in a value of JSON, in no order. It does not recurse, because a message that is no event can be
 * nested deeper than the stack.
 */
export function* textsIn(value: unknown): Generator<string> {
  const values = [value];
  while (values.length > 0) {
    const one = values.pop();
    if (typeof one === 'string' || typeof one === 'number') yield String(one);
    if (typeof one !== 'object' || one === null) continue;
    // The positions in a list are no names.
    if (!Array.isArray(one)) yield* Object.keys(one);
    for (const inner of Object.values(one)) values.push(inner);
  }
}

const MAYBE_JSON = /^\s*[[{"]/;

/** A text and, when it is JSON, all texts in it, also in JSON within: a publisher may have escaped any character there. */
export function* textsOf(text: string): Generator<string> {
  yield text;
  if (!MAYBE_JSON.test(text)) return;
  for (const one of textsIn(parsed(text))) yield* textsOf(one);
}

/** Undefined when the text is no JSON. */
function parsed(text: string): unknown {
  try {
    return parseStoredJson(text, 'the text');
  } catch (error) {
    // It is JSON that is nested too deep to be read with care: V8 may have confused some names.
    if (error instanceof RangeError) return JSON.parse(text);
    return undefined;
  }
}
