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
