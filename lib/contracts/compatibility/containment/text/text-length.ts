/** The length of a text as zod and JSON Schema count it: in Unicode code points, so that an emoji counts as one. */
export function textLength(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
