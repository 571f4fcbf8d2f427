import type { JsonSchema } from '../json-schema.ts';
import { canonicalText } from './keywords.ts';

/**
 * How a schema is read: `taken` is all data that it lets through, `sent` is what a producer of it sends. They differ for an object that
 * says nothing of other fields (`z.object`). It takes them all, and a producer sends no field but those that it names: else no optional
 * field could ever be added. A field that neither of two schemas names is sent all the same: it shows that an object is closed or opened.
 */
export type Reading = 'sent' | 'taken';

/** A schema at a place of a document, in one of its readings. Schemas with the same constraints are the same node. */
export interface Node {
  readonly id: number;
  /** The same for both readings. */
  readonly content: string;
  readonly schema: JsonSchema | boolean;
  readonly reading: Reading;
  readonly document: JsonSchema;
}

/** Makes the nodes of two documents that are compared, each once. */
export class Nodes {
  readonly #byText = new Map<string, Node>();
  readonly #documents: JsonSchema[] = [];

  node(schema: JsonSchema | boolean, document: JsonSchema, reading: Reading): Node {
    const text = canonicalText(schema);
    // What a reference means depends on the document; everything else is the same in both.
    const content = text.includes('$ref:') ? `${this.#indexOf(document)}${text}` : text;
    const key = `${reading}${content}`;
    const known = this.#byText.get(key);
    if (known) return known;
    const node = { id: this.#byText.size, content, schema, reading, document };
    this.#byText.set(key, node);
    return node;
  }

  /** A schema within a node, read in the same way unless it is said. */
  within(node: Node, schema: JsonSchema | boolean, reading = node.reading): Node {
    return this.node(schema, node.document, reading);
  }

  #indexOf(document: JsonSchema): number {
    const index = this.#documents.indexOf(document);
    return index >= 0 ? index : this.#documents.push(document) - 1;
  }
}

/** The schema that a reference within a document leads to. @throws Error when there is none */
export function followReference(reference: string, document: JsonSchema): JsonSchema | boolean {
  const steps = reference.split('/').slice(1);
  let at: unknown = document;
  for (const step of steps) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    at = typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? Object(at)[name] : undefined;
  }
  if (!reference.startsWith('#') || (typeof at !== 'object' && typeof at !== 'boolean') || at === null) {
    throw new Error(
      `the schema refers to ${reference}, which is not in it; take its file from version control again`,
    );
  }
  return at as JsonSchema | boolean;
}
