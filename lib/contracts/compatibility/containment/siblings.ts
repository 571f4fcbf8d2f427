import { isDeepStrictEqual } from 'node:util';
import type { JsonSchema } from '../json-schema.ts';
import { asObject, type Node, type Nodes } from './node.ts';
import type { ObjectPart, Slice } from './slice.ts';

/**
 * The data that a producer of a union sends. An object of one alternative may have fields that another alternative names, as TypeScript
 * allows, unless a constant distinguishes the two. Without this rule, `{ a } | { b }` could not be checked for data with both fields.
 */
export function nameSiblings(slices: readonly Slice[], node: Node, nodes: Nodes): readonly Slice[] {
  return slices.map((slice) => {
    const [part, ...more] = slice.objects;
    if (!part || more.length > 0 || part.others !== 'open') return slice;
    const siblings = slices.filter((other) => other !== slice && !areToldApart(slice, other));
    const parts = siblings.flatMap((one) => (one.objects.length === 1 ? one.objects : []));
    return { ...slice, objects: [withNamesOf(part, parts, (schema) => nodes.within(node, schema))] };
  });
}

function withNamesOf(
  part: ObjectPart,
  siblings: readonly ObjectPart[],
  nodeOf: (schema: JsonSchema) => Node,
): ObjectPart {
  const names = new Set(siblings.flatMap(({ fields }) => [...fields.keys()]));
  const added = [...names]
    .filter((name) => !part.fields.has(name))
    .map((name) => {
      const shapes = siblings.flatMap(({ fields }) => {
        const field = fields.get(name);
        return field ? [shapeOf(field)] : [];
      });
      return [name, [nodeOf({ anyOf: shapes })]] as const;
    });
  return { ...part, fields: new Map([...part.fields, ...added]) };
}

function shapeOf(nodes: readonly Node[]): JsonSchema {
  const schemas = nodes.map(({ schema }) => asObject(schema));
  return schemas.length === 1 && schemas[0] ? schemas[0] : { allOf: schemas };
}

/** Whether it is certain that no data is in both slices: their types differ, or both require a field with different constants. */
export function areToldApart(a: Slice, b: Slice): boolean {
  if (a.kind !== b.kind) return true;
  if (a.values && b.values) return areDisjoint(a.values, b.values);
  return a.objects.some((x) =>
    b.objects.some((y) =>
      [...x.required].some((name) => {
        if (!y.required.has(name)) return false;
        const [one, other] = [constantsOf(x.fields.get(name)), constantsOf(y.fields.get(name))];
        return one !== undefined && other !== undefined && areDisjoint(one, other);
      }),
    ),
  );
}

function constantsOf(nodes: readonly Node[] | undefined): readonly unknown[] | undefined {
  const all = nodes?.flatMap((node) => node.parts ?? [node]) ?? [];
  const lists = all.flatMap(({ schema }) => {
    const { enum: values, ...rest } = asObject(schema);
    return 'const' in rest ? [[rest.const]] : values ? [values] : [];
  });
  return lists[0];
}

function areDisjoint(a: readonly unknown[], b: readonly unknown[]): boolean {
  return !a.some((value) => b.some((other) => isDeepStrictEqual(value, other)));
}
