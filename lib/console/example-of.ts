import * as fc from 'fast-check';
import type { JsonSchema } from '../contracts/compatibility/json-schema.ts';

/** Examples of string formats. */
const FORMATS: Readonly<Record<string, string>> = {
  email: 'ada@example.com',
  uri: 'https://example.com/',
  uuid: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  date: '2026-01-31',
  time: '12:00:00',
  'date-time': '2026-01-31T12:00:00Z',
};
/** Maximum depth, because a schema can be recursive. */
const MAX_DEPTH = 8;

/** Builds an example for a schema, with every named property. It is the same at every call. */
export function exampleOf(schema: JsonSchema): unknown {
  return build(schema, { name: '', root: schema, depth: 0 });
}

interface Position {
  /** Name of the property: it is used in the example, because it says more than the type. */
  readonly name: string;
  readonly root: JsonSchema;
  readonly depth: number;
}

function build(schema: JsonSchema, { name, root, depth }: Position): unknown {
  const { $ref, examples } = schema;
  const deeper = (within: JsonSchema, field: string): unknown =>
    build(within, { name: field, root, depth: depth + 1 });
  if ($ref !== undefined) {
    return deeper($ref === '#' ? root : (root.$defs?.[$ref.replace(/^#\/\$defs\//, '')] ?? {}), name);
  }
  if (Array.isArray(examples)) return examples[0];
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  if ('default' in schema) return schema.default;
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return deeper(choice, name);
  switch ([schema.type].flat()[0]) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([field, within]) => [field, deeper(within, field)]),
      );
    case 'array':
      return exampleItems(schema, depth, (within) => deeper(within, name.replace(/s$/, '')));
    case 'string':
      return exampleText(schema, name);
    case 'integer':
    case 'number':
      return exampleNumber(schema);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function exampleItems(
  { prefixItems = [], items, minItems }: JsonSchema,
  depth: number,
  make: (schema: JsonSchema) => unknown,
): readonly unknown[] {
  const fixed = prefixItems.map(make);
  const count = depth >= MAX_DEPTH ? 0 : Math.max(Number(minItems ?? 1), 1) - fixed.length;
  return [
    ...fixed,
    ...Array.from({ length: Math.max(0, count) }, () => (typeof items === 'object' ? make(items) : null)),
  ];
}

function exampleText({ format, pattern, minLength, maxLength }: JsonSchema, name: string): string {
  const known = typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (known !== undefined) return known;
  if (typeof pattern === 'string') {
    const [text = ''] = fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 1, seed: 1 });
    return text;
  }
  const text = `${name || 'text'}-1`;
  return text.padEnd(Number(minLength ?? 0), '-').slice(0, Number(maxLength ?? text.length));
}

function exampleNumber({ minimum, exclusiveMinimum, multipleOf }: JsonSchema): number {
  const lowest = Math.max(Number(minimum ?? 1), Number(exclusiveMinimum ?? 0) + 1, 1);
  const step = Number(multipleOf ?? 1);
  return Math.ceil(Math.min(lowest, Number.MAX_SAFE_INTEGER) / step) * step;
}
