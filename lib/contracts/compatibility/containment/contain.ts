import type { JsonSchema } from '../json-schema.ts';
import { Nodes } from './node.ts';
import { type Outcome, unclear } from './outcome.ts';
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
    const outcome = this.#solver.find(
      [nodes.node(sender, from, 'sent')],
      [nodes.node(receiver, to, 'accepted')],
    );
    if (outcome.status !== 'found') return outcome;
    const isSent = membership.accepts(nodes.node(sender, from, 'accepted'), outcome.datum);
    const isAccepted = membership.accepts(nodes.node(receiver, to, 'accepted'), outcome.datum);
    return isSent === true && isAccepted === false ? outcome : unclear('the two schemas');
  }
}

type Placed = readonly [schema: JsonSchema | boolean, document: JsonSchema];
