import * as z from 'zod';

/** What a single JSON value can be. */
export type ValueKind = 'string' | 'number' | 'boolean' | 'null';

const KINDS: readonly ValueKind[] = ['string', 'number', 'boolean', 'null'];

/** The parts of a JSON Schema that say where values are. */
interface Node {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Node>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
  readonly oneOf?: readonly Node[];
  readonly allOf?: readonly Node[];
}

/**
 * Says what a single value at this path can be, in data that keeps a schema, as it travels. Nothing when no data has such
 * a value there: the path leads nowhere, to an object or to an array.
 *
 * @param path names of properties with dots between them
 */
export function valueKindsAt(schema: z.ZodType, path: string): ReadonlySet<ValueKind> {
  // JSON Schema, as zod writes it: a plain tree, and the same for every kind of schema.
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node;
  return new Set(kindsAt(root, path.split('.'), root));
}

function kindsAt(node: Node, path: readonly string[], root: Node): readonly ValueKind[] {
  if (node.$ref !== undefined) return kindsAt(resolve(node.$ref, root), path, root);
  const choices = node.anyOf ?? node.oneOf ?? node.allOf;
  if (choices) return choices.flatMap((choice) => kindsAt(choice, path, root));
  const [name, ...rest] = path;
  if (name === undefined) return kindsOf(node);
  if (node.type === undefined) return saysNothing(node) ? KINDS : [];
  const { additionalProperties } = node;
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  const child = Object.hasOwn(node.properties ?? {}, name) ? node.properties?.[name] : others;
  return child ? kindsAt(child, rest, root) : [];
}

function kindsOf(node: Node): readonly ValueKind[] {
  const values = 'const' in node ? [node.const] : node.enum;
  if (values) return values.flatMap((value) => kindOf(value) ?? []);
  if (saysNothing(node)) return KINDS;
  const types = [node.type].flat().map((type) => (type === 'integer' ? 'number' : type));
  return KINDS.filter((kind) => types.includes(kind));
}

/** What a JSON value is, if it is a single one. */
export function kindOf(value: unknown): ValueKind | undefined {
  const kind = value === null ? 'null' : typeof value;
  return KINDS.find((one) => one === kind);
}

/** `z.unknown()`, or what JSON Schema has no words for: it may be anything. */
function saysNothing({ type, const: one, enum: several }: Node): boolean {
  return type === undefined && one === undefined && several === undefined;
}

function resolve(reference: string, root: Node): Node {
  const name = reference.replace(/^#\/\$defs\//, '');
  return reference === '#' ? root : (root.$defs?.[name] ?? {});
}
