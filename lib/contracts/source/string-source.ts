import {
  InexpressibleSchemaError,
  type Located,
  readEach,
  readNumber,
  readObject,
  readText,
  refuseOthers,
} from './read-keywords.ts';
import { quote } from './source-text.ts';
import { TEXT_FORMATS, type TextFormat } from './text-formats.ts';

const KEYWORDS = [
  'type',
  'minLength',
  'maxLength',
  'pattern',
  'allOf',
  'format',
  'contentEncoding',
  'x-unicode',
];

/** Writes a string: `z.email().max(100)`. */
export function stringSource(located: Located): string {
  refuseOthers(located, KEYWORDS);
  const patterns = readPatterns(located);
  const [least, most] = [readNumber(located, 'minLength'), readNumber(located, 'maxLength')];
  return [
    formatSource(located, patterns),
    ...(least === undefined ? [] : [`.min(${least})`]),
    ...(most === undefined ? [] : [`.max(${most})`]),
  ].join('');
}

/** The patterns, in the order of the checks: one is a keyword of the schema, several are in its `allOf`. */
function readPatterns({ schema, pointer }: Located): readonly string[] {
  const own = schema.pattern === undefined ? [] : [readText(schema.pattern, `${pointer}/pattern`)];
  if (schema.allOf === undefined) return own;
  const others = [...readEach(schema.allOf, `${pointer}/allOf`)].map(([one, at]) => {
    const part = { schema: readObject(one, at), pointer: at };
    refuseOthers(part, ['pattern', 'type']);
    return readText(part.schema.pattern, `${at}/pattern`);
  });
  return [...own, ...others];
}

/** zod writes the last format of a string. Its pattern is the last one, if it has one. */
function formatSource({ schema, pointer }: Located, patterns: readonly string[]): string {
  const isUnicode = schema['x-unicode'] === true;
  const regex = (pattern: string): string => regexSource(pattern, { isUnicode, pointer });
  const last = patterns.at(-1);
  const format = TEXT_FORMATS.find(
    (one) => isAsked(one, schema, { last, alone: patterns.length <= 1 }) && one.isUnicode === isUnicode,
  );
  if (format) {
    const before = format.pattern === undefined ? patterns : patterns.slice(0, -1);
    if (before.length === 0) return format.text;
    return `z.string()${regexes(before.map(regex))}.check(${format.text})`;
  }
  refuseFormat({ schema, pointer }, last);
  if (schema.format === undefined || last === undefined) return `z.string()${regexes(patterns.map(regex))}`;
  const own = `z.stringFormat(${quote(readText(schema.format, `${pointer}/format`))}, ${regex(last)})`;
  const before = patterns.slice(0, -1);
  return before.length === 0 ? own : `z.string()${regexes(before.map(regex))}.check(${own})`;
}

function isAsked(
  { format, pattern, contentEncoding }: TextFormat,
  schema: Located['schema'],
  { last, alone }: { readonly last: string | undefined; readonly alone: boolean },
): boolean {
  // zod writes no format for some of its types; then the pattern alone shows them.
  if (format === undefined && !alone) return false;
  return (
    format === schema.format &&
    contentEncoding === schema.contentEncoding &&
    (pattern === undefined || pattern === last)
  );
}

function refuseFormat({ schema, pointer }: Located, last: string | undefined): void {
  if (schema.format !== undefined && (typeof schema.format !== 'string' || last === undefined)) {
    throw new InexpressibleSchemaError(
      `${pointer}/format`,
      `the format '${schema.format}' is none of zod, and there is no pattern that says what it is`,
    );
  }
  if (schema.contentEncoding !== undefined) {
    throw new InexpressibleSchemaError(
      `${pointer}/contentEncoding`,
      'only the formats base64 and base64url have an encoding',
    );
  }
}

function regexes(patterns: readonly string[]): string {
  return patterns.map((pattern) => `.regex(${pattern})`).join('');
}

function regexSource(
  pattern: string,
  { isUnicode, pointer }: { readonly isUnicode: boolean; readonly pointer: string },
): string {
  try {
    return String(new RegExp(pattern, isUnicode ? 'u' : ''));
  } catch (cause) {
    throw new InexpressibleSchemaError(
      `${pointer}/pattern`,
      `is no pattern of JavaScript: ${cause instanceof Error ? cause.message : cause}`,
    );
  }
}
