import type { JsonSchema } from '../json-schema.ts';
import { conjoinAll } from './conjoin.ts';
import { CONSTRAINTS, OPAQUE } from './keywords.ts';
import { followReference, type Node, type Nodes } from './node.ts';
import { type Closing, pool } from './pool.ts';
import { numberOf, numberOr, textOf } from './ranges.ts';
import { areToldApart, nameSiblings } from './siblings.ts';
import { KINDS, type Kind, kindOf, type ListPart, type ObjectPart, type Slice, wholeSlice } from './slice.ts';
import { isPatternOnly } from './text/text-tests.ts';

/** Reads schemas as unions of slices. Each schema is read once. */
export class Expander {
  readonly #nodes: Nodes;
  readonly #slices = new Map<Node, readonly Slice[]>();

  constructor(nodes: Nodes) {
    this.#nodes = nodes;
  }

  expand(node: Node): readonly Slice[] {
    const known = this.#slices.get(node);
    if (known) return known;
    // A reference that leads directly to itself accepts nothing.
    this.#slices.set(node, []);
    const read = this.#readNode(node);
    const slices = [...new Map(read.map((slice) => [slice.id, slice])).values()];
    this.#slices.set(node, slices);
    return slices;
  }

  #readNode(node: Node): readonly Slice[] {
    if (node.parts) {
      const parts = node.parts.map((part) => this.expand(part));
      return this.#pool(KINDS.map(wholeSlice), parts, node, 'apart');
    }
    return typeof node.schema === 'boolean' ? whole(node.schema) : this.#read(node, node.schema);
  }

  #pool(
    own: readonly Slice[],
    parts: readonly (readonly Slice[])[],
    node: Node,
    closing: Closing,
  ): readonly Slice[] {
    return parts
      .reduce((all, more) => conjoinAll(all, more, (a, b) => pool(a, b, this.#nodes, closing)), own)
      .map((slice, index) => named(slice, node, index));
  }

  #read(node: Node, schema: JsonSchema): readonly Slice[] {
    const { $ref, allOf = [], anyOf, oneOf, not } = schema;
    if (not !== undefined && isAnything(not)) return [];
    const inner = (one: JsonSchema | boolean): readonly Slice[] => this.expand(this.#nodes.within(node, one));
    const parts = [
      ...($ref === undefined ? [] : [inner(followReference($ref, node.document))]),
      ...allOf.filter((member) => !isPatternOnly(member)).map(inner),
      ...(anyOf ? [this.#union(node, anyOf)] : []),
      ...(oneOf ? [this.#exclusive(node, oneOf)] : []),
    ];
    const narrows = Object.keys(schema).some((keyword) => !COMBINES.has(keyword) && isConstraint(keyword));
    const [first, ...rest] = parts;
    // A union without other constraints has exactly the slices of its alternatives.
    if (first && rest.length === 0 && !narrows) return first;
    return this.#pool(this.#ownSlices(node, schema), parts, node, 'together');
  }

  #union(node: Node, alternatives: readonly JsonSchema[]): readonly Slice[] {
    const slices = alternatives.flatMap((one) => this.expand(this.#nodes.within(node, one)));
    return node.reading === 'sent' ? nameSiblings(slices, node, this.#nodes) : slices;
  }

  /** The slices of `oneOf`: data that exactly one alternative accepts. */
  #exclusive(node: Node, alternatives: readonly JsonSchema[]): readonly Slice[] {
    const all = alternatives.map((one) => this.expand(this.#nodes.within(node, one)));
    const slices = all.flatMap((own, index) => {
      const rivals = alternatives.filter(
        (_, other) => other !== index && !own.every((a) => all[other]?.every((b) => areToldApart(a, b))),
      );
      const not = rivals.map((one) => this.#nodes.within(node, one, 'accepted'));
      return own.map((slice) => (not.length > 0 ? { ...slice, not: [...slice.not, ...not] } : slice));
    });
    const apart = slices.map((slice, index) => (slice.not.length > 0 ? named(slice, node, index) : slice));
    return node.reading === 'sent' ? nameSiblings(apart, node, this.#nodes) : apart;
  }

  #ownSlices(node: Node, schema: JsonSchema): readonly Slice[] {
    const values = 'const' in schema ? [schema.const] : schema.enum;
    const opaque = OPAQUE.filter((keyword) => Object.hasOwn(schema, keyword)).map(
      (keyword) => `${keyword} ${JSON.stringify(schema[keyword])}`,
    );
    if (schema.not !== undefined) opaque.push(`not ${JSON.stringify(schema.not)}`);
    return kindsOf(schema).flatMap((kind) => {
      const base = wholeSlice(kind);
      const own = values?.filter((value) => kindOf(value) === kind);
      if (own?.length === 0) return [];
      const slice = { ...base, ...(own && { values: own }), opaque };
      switch (kind) {
        case 'number':
          return [{ ...slice, number: numberOf(schema, base) }];
        case 'string':
          return textOf(schema).map((text) => ({ ...slice, text }));
        case 'array':
          return [{ ...slice, lists: this.#listsOf(node, schema) }];
        case 'object':
          return [{ ...slice, objects: this.#objectsOf(node, schema) }];
        case 'null':
        case 'boolean':
          return [slice];
        default:
          return kind satisfies never;
      }
    });
  }

  #listsOf(node: Node, schema: JsonSchema): readonly ListPart[] {
    const { prefixItems = [], items = true, minItems, maxItems } = schema;
    const prefix = prefixItems.map((item) => this.#nodes.within(node, item));
    const rest = this.#nodes.within(node, items);
    const isClosed = items === false;
    const max = Math.min(numberOr(maxItems, Number.POSITIVE_INFINITY), isClosed ? prefix.length : Infinity);
    return [{ prefix, rest, min: numberOr(minItems, 0), max }];
  }

  #objectsOf(node: Node, schema: JsonSchema): readonly ObjectPart[] {
    const { properties, required, additionalProperties, propertyNames } = schema;
    const constraint = properties ?? required ?? additionalProperties ?? propertyNames;
    if (constraint === undefined && schema.type === undefined) return [];
    const fields = Object.entries(properties ?? {}).map(
      ([name, field]) => [name, [this.#nodes.within(node, field)]] as const,
    );
    const others =
      additionalProperties === undefined
        ? 'open'
        : additionalProperties === false
          ? 'closed'
          : [this.#nodes.within(node, additionalProperties === true ? {} : additionalProperties)];
    return [
      {
        reading: node.reading,
        fields: new Map(fields),
        required: new Set(required),
        others,
        names: propertyNames === undefined ? [] : [this.#nodes.within(node, propertyNames, 'accepted')],
      },
    ];
  }
}

/** Keywords that only combine the schemas within them. */
const COMBINES: ReadonlySet<string> = new Set(['$ref', 'anyOf', 'oneOf', 'allOf']);

function isConstraint(keyword: string): boolean {
  return CONSTRAINTS.has(keyword) || OPAQUE.includes(keyword);
}

function named(slice: Slice, node: Node, index: number): Slice {
  const id = `${node.content}#${index}`;
  return { ...slice, id, within: [...new Set([...slice.within, id])] };
}

function whole(acceptsAll: boolean): readonly Slice[] {
  return acceptsAll ? KINDS.map(wholeSlice) : [];
}

function isAnything(schema: unknown): boolean {
  return (
    schema === true || (typeof schema === 'object' && schema !== null && Object.keys(schema).length === 0)
  );
}

function kindsOf({ type }: JsonSchema): readonly Kind[] {
  if (type === undefined) return KINDS;
  const kinds = new Set([type].flat().map((one) => (one === 'integer' ? 'number' : one)));
  return KINDS.filter((kind) => kinds.has(kind));
}
