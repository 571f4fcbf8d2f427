import { type Located, readEach, readNumber, readObject, refuseOthers } from './read-keywords.ts';

/** The bounds that zod itself writes for whole numbers. */
const WHOLE = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
const BOUNDS = {
  minimum: 'min',
  exclusiveMinimum: 'gt',
  maximum: 'max',
  exclusiveMaximum: 'lt',
  multipleOf: 'multipleOf',
} as const;

/** Writes a number: `z.int().min(1)`. */
export function numberSource(located: Located): string {
  const { schema, pointer } = located;
  refuseOthers(located, ['type', 'allOf', ...Object.keys(BOUNDS)]);
  const isWhole = schema.type === 'integer';
  const implied: Readonly<Record<string, number>> = isWhole ? WHOLE : {};
  let text = isWhole ? 'z.int()' : 'z.number()';
  for (const [keyword, method] of Object.entries(BOUNDS)) {
    const bound = readNumber(located, keyword);
    if (bound !== undefined && bound !== implied[keyword]) text += `.${method}(${bound})`;
  }
  // zod writes further steps of a number here, one each.
  for (const [one, at] of schema.allOf === undefined ? [] : readEach(schema.allOf, `${pointer}/allOf`)) {
    const step = { schema: readObject(one, at), pointer: at };
    refuseOthers(step, ['multipleOf']);
    text += `.multipleOf(${readNumber(step, 'multipleOf')})`;
  }
  return text;
}
