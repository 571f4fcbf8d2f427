/** The length of a text as zod and JSON Schema count it: in characters (code points) of Unicode, so that an emoji is one. */
export function textLength(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
