import type { JsonSchema } from '../compatibility/json-schema.ts';
import { textOfPattern } from './text-of-pattern.ts';

/** Example texts of formats. */
const FORMATS: Readonly<Record<string, string>> = {
  email: 'ada@example.com',
  uri: 'https://example.com/',
  uuid: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  duration: 'P1D',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
};
/** Below this depth, an example has required fields only, so that a recursive schema ends. */
const MAX_DEPTH = 4;

/**
 * Makes an example of a schema. It is always the same and has every named field. The caller has to check it against the contract.
 *
 * @param turn index of the alternative that is used for unions. A caller tries the next one when an example is invalid.
 */
export function exampleOf(schema: JsonSchema, turn = 0): unknown {
  return build(schema, { name: '', root: schema, depth: 0, turn });
}

interface BuildContext {
  /** Name of the field, from which an example text is made. */
  readonly name: string;
  readonly root: JsonSchema;
  readonly depth: number;
  readonly turn: number;
}

function build(schema: JsonSchema, context: BuildContext): unknown {
  const { $ref, examples } = schema;
  if (context.depth > 4 * MAX_DEPTH) return null;
  if ($ref !== undefined) return build(resolve($ref, context.root), { ...context, depth: context.depth + 1 });
  if (Array.isArray(examples)) return examples[0];
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  if ('default' in schema) return schema.default;
  const options = schema.anyOf ?? schema.oneOf ?? [];
  const choice = options[context.turn % options.length];
  if (choice) return build(choice, context);
  const { allOf } = schema;
  if (Array.isArray(allOf)) return buildAll(allOf, context);
  return buildOfType(schema, context);
}

/** The example of an intersection: the fields of all its parts. */
function buildAll(parts: readonly JsonSchema[], context: BuildContext): unknown {
  const built = parts.map((part) => build(part, context));
  return built.every((one) => typeof one === 'object' && one !== null)
    ? Object.assign({}, ...built)
    : built[0];
}

function buildOfType(schema: JsonSchema, context: BuildContext): unknown {
  switch ([schema.type].flat()[0]) {
    case 'object':
      return exampleObject(schema, context);
    case 'array':
      return exampleArray(schema, context);
    case 'string':
      return exampleText(schema, context.name);
    case 'integer':
    case 'number':
      return exampleNumber(schema);
    case 'boolean':
      return true;
    default:
      return null;
  }
}

function exampleObject(
  { properties = {}, required = [], propertyNames, additionalProperties }: JsonSchema,
  context: BuildContext,
): object {
  const named = Object.entries(properties).filter(
    ([field]) => context.depth < MAX_DEPTH || required.includes(field),
  );
  const others = (propertyNames?.enum ?? []).filter((name) => typeof name === 'string');
  const known =
    typeof additionalProperties === 'object'
      ? others.map((name) => [name, additionalProperties] as const)
      : [];
  return Object.fromEntries(
    [...named, ...known].map(([field, within]) => [
      field,
      build(within, { ...context, name: field, depth: context.depth + 1 }),
    ]),
  );
}

function exampleArray(
  { prefixItems = [], items, minItems }: JsonSchema,
  context: BuildContext,
): readonly unknown[] {
  const inner = { ...context, name: context.name.replace(/s$/, ''), depth: context.depth + 1 };
  const fixed = prefixItems.map((schema) => build(schema, inner));
  const wanted = context.depth < MAX_DEPTH && prefixItems.length === 0 ? 1 : 0;
  const count = Math.max(Number(minItems ?? 0), wanted) - fixed.length;
  const more = Array.from({ length: Math.max(0, count) }, () =>
    typeof items === 'object' ? build(items, inner) : null,
  );
  return [...fixed, ...more];
}

function exampleText({ format, pattern, minLength, maxLength }: JsonSchema, name: string): string {
  const known = typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (known !== undefined) return known;
  const written = typeof pattern === 'string' ? textOfPattern(pattern) : undefined;
  const text = written ?? `${name || 'text'}-1`;
  return text.padEnd(Number(minLength ?? 0), '-').slice(0, Number(maxLength ?? text.length));
}

/** An example number: 1 if it is allowed, or else a number near a bound or between the bounds. */
function exampleNumber(schema: JsonSchema): number {
  const step = Number(schema.multipleOf ?? 1);
  const bound = (name: string, otherwise: number): number => Number(schema[name] ?? otherwise);
  const [low, above] = [bound('minimum', -Infinity), bound('exclusiveMinimum', -Infinity)];
  const [high, below] = [bound('maximum', Infinity), bound('exclusiveMaximum', Infinity)];
  const [from, to] = [Math.max(low, above), Math.min(high, below)];
  const near = [1, from, from + step, to, to - step].flatMap((value) => [
    Math.ceil(value / step) * step,
    Math.floor(value / step) * step,
  ]);
  const isFree = schema.type !== 'integer' && schema.multipleOf === undefined;
  const between = isFree ? [(from + to) / 2, from + 0.5, to - 0.5] : [];
  const isIn = (value: number): boolean =>
    Number.isFinite(value) && value >= low && value > above && value <= high && value < below;
  return [...near, ...between].find(isIn) ?? 1;
}

function resolve(reference: string, root: JsonSchema): JsonSchema {
  return reference === '#' ? root : (root.$defs?.[reference.replace(/^#\/\$defs\//, '')] ?? {});
}
