import type { JsonSchema } from '../json-schema.ts';
import { canonicalText } from './keywords.ts';

/**
 * How a schema is read. `accepted`: all data that it accepts. `sent`: the data that a producer sends. They differ for an object without a rule
 * for other fields (`z.object`): it accepts all other fields, but a producer sends only the named ones. Otherwise no optional field could
 * ever be added. A field that neither schema names counts as sent, because it shows whether an object is closed or open.
 */
export type Reading = 'sent' | 'accepted';

/** A schema of a document, in one of the two readings. Schemas with the same constraints are the same node. */
export interface Node {
  readonly id: number;
  /** The same for both readings. */
  readonly content: string;
  readonly schema: JsonSchema | boolean;
  readonly reading: Reading;
  readonly document: JsonSchema;
  /** The nodes that all have to hold, if this node joins what two parts of an intersection say about one value. */
  readonly parts?: readonly Node[];
}

/** Creates the nodes of the two documents that are compared. Each node is created once. */
export class Nodes {
  readonly #byText = new Map<string, Node>();
  readonly #documents: JsonSchema[] = [];

  node(schema: JsonSchema | boolean, document: JsonSchema, reading: Reading): Node {
    const text = canonicalText(schema);
    // The meaning of a reference depends on the document. Everything else is the same in both documents.
    const content = text.includes('$ref:') ? `${this.#indexOf(document)}${text}` : text;
    const key = `${reading}${content}`;
    const known = this.#byText.get(key);
    if (known) return known;
    const node = { id: this.#byText.size, content, schema, reading, document };
    this.#byText.set(key, node);
    return node;
  }

  /** The node of a schema within another node. By default, it has the same reading. */
  within(node: Node, schema: JsonSchema | boolean, reading = node.reading): Node {
    return this.node(schema, node.document, reading);
  }

  /**
   * The node of data that both nodes accept. If the parts of an intersection stayed separate, each of them would send only the fields that
   * it names itself, and so nothing that another part requires.
   */
  both(a: Node, b: Node): Node {
    const all = new Map([...partsOf(a), ...partsOf(b)].map((part) => [part.content, part]));
    const parts = [...all].toSorted(([x], [y]) => (x < y ? -1 : 1)).map(([, part]) => part);
    const [first = a, ...more] = parts;
    if (more.length === 0) return first;
    const content = `all of ${parts.map((part) => part.content).join(' and ')}`;
    const key = `${a.reading}${content}`;
    const known = this.#byText.get(key);
    if (known) return known;
    const schema = { allOf: parts.map((part) => asObject(part.schema)) };
    const node = {
      id: this.#byText.size,
      content,
      schema,
      reading: a.reading,
      document: a.document,
      parts,
    };
    this.#byText.set(key, node);
    return node;
  }

  #indexOf(document: JsonSchema): number {
    const index = this.#documents.indexOf(document);
    return index >= 0 ? index : this.#documents.push(document) - 1;
  }
}

/** What has to hold for a node: nothing for one that accepts everything. */
function partsOf(node: Node): readonly Node[] {
  return node.parts ?? (node.content === '{}' || node.content === 'true' ? [] : [node]);
}

/** Replaces the short forms of schemas: `true` accepts everything, and `false` nothing. */
export function asObject(schema: JsonSchema | boolean): JsonSchema {
  if (typeof schema === 'object') return schema;
  return schema ? {} : { not: {} };
}

/** The schema that a reference names. @throws Error when the document does not have it */
export function followReference(reference: string, document: JsonSchema): JsonSchema | boolean {
  const steps = reference.split('/').slice(1);
  let at: unknown = document;
  for (const step of steps) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? Object(at)[name] : undefined;
  }
  if (!reference.startsWith('#') || (typeof at !== 'object' && typeof at !== 'boolean') || at === null) {
    throw new Error(
      `the schema refers to ${reference}, which is not in it; restore its file from version control`,
    );
  }
  return at as JsonSchema | boolean;
}
