import type { JsonSchema } from '../json-schema.ts';
import { canonicalText } from './keywords.ts';
import { type Node, Nodes } from './node.ts';
import { NONE, type Outcome, unclear } from './outcome.ts';
import { Solver } from './solver.ts';

/** Compares two documents: finds data that one of them sends and the other refuses. */
export class Containment {
  readonly #solver: Solver;
  readonly #documents: { readonly before: JsonSchema; readonly after: JsonSchema };

  constructor(before: JsonSchema, after: JsonSchema) {
    this.#documents = { before, after };
    this.#solver = new Solver(new Nodes(), [before, after]);
  }

  /** Finds data that a producer of the old schema sends and the new schema refuses. */
  refusedNow(before: JsonSchema | boolean, after: JsonSchema | boolean): Outcome {
    return this.#refused([before, this.#documents.before], [after, this.#documents.after]);
  }

  /** Finds data that a producer of the new schema sends and the old schema refuses. */
  refusedBefore(before: JsonSchema | boolean, after: JsonSchema | boolean): Outcome {
    return this.#refused([after, this.#documents.after], [before, this.#documents.before]);
  }

  /** Finds data that two schemas of the new document both accept. */
  overlap(a: JsonSchema, b: JsonSchema): Outcome {
    const nodes = [a, b].map((one) => this.#solver.nodes.node(one, this.#documents.after, 'accepted'));
    return this.#solver.find(nodes, []);
  }

  /** Finds data, and checks it again before it is shown. The check is simpler than the search, so it finds the search's mistakes. */
  #refused([sender, from]: Placed, [receiver, to]: Placed): Outcome {
    const { nodes, membership } = this.#solver;
    const [sent, accepted] = [nodes.node(sender, from, 'sent'), nodes.node(receiver, to, 'accepted')];
    const outcome = this.#solver.find([sent], [accepted]);
    if (outcome.status === 'none' && sender === from) return this.#surelyNone(sent, to);
    if (outcome.status !== 'found') return outcome;
    const isSent = membership.accepts(nodes.node(sender, from, 'accepted'), outcome.datum);
    const isAccepted = membership.accepts(nodes.node(receiver, to, 'accepted'), outcome.datum);
    return isSent === true && isAccepted === false ? outcome : unclear('the two schemas');
  }

  /**
   * A contract that no data fits would be compatible with everything. Such a contract is of no use, so more likely the search does not
   * understand it.
   */
  #surelyNone(sent: Node, receiver: JsonSchema): Outcome {
    if (textOf(sent.document) === textOf(receiver) || this.#solver.find([sent], []).status !== 'none')
      return NONE;
    return unclear('no data was found that the schema accepts');
  }
}

/** All constraints of a document, also those that it refers to. */
function textOf({ $defs = {}, ...schema }: JsonSchema): string {
  const definitions = Object.entries($defs).map(([name, one]) => `${name} ${canonicalText(one)}`);
  return [canonicalText(schema), ...definitions.toSorted()].join('\n');
}

type Placed = readonly [schema: JsonSchema | boolean, document: JsonSchema];
