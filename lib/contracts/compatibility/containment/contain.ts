import type { JsonSchema } from '../json-schema.ts';
import { Nodes } from './node.ts';
import { type Outcome, unclear } from './outcome.ts';
import { Solver } from './solver.ts';

/** Two documents, and what each of them takes of what the other one sends. */
export class Containment {
  readonly #solver: Solver;
  readonly #documents: { readonly before: JsonSchema; readonly after: JsonSchema };

  constructor(before: JsonSchema, after: JsonSchema) {
    this.#documents = { before, after };
    this.#solver = new Solver(new Nodes(), [before, after]);
  }

  /** Data that a producer of the old schema sends, and the new one refuses. */
  refusedNow(before: JsonSchema | boolean, after: JsonSchema | boolean): Outcome {
    return this.#refused([before, this.#documents.before], [after, this.#documents.after]);
  }

  /** Data that a producer of the new schema sends, and the old one refuses. */
  refusedBefore(before: JsonSchema | boolean, after: JsonSchema | boolean): Outcome {
    return this.#refused([after, this.#documents.after], [before, this.#documents.before]);
  }

  /** Data that two schemas of the new document both take. */
  overlap(a: JsonSchema, b: JsonSchema): Outcome {
    const nodes = [a, b].map((one) => this.#solver.nodes.node(one, this.#documents.after, 'taken'));
    return this.#solver.find(nodes, []);
  }

  /** A datum is looked at once more before it is shown to anybody: what finds it is cleverer than what checks it. */
  #refused([sender, from]: Placed, [receiver, to]: Placed): Outcome {
    const { nodes, membership } = this.#solver;
    const outcome = this.#solver.find(
      [nodes.node(sender, from, 'sent')],
      [nodes.node(receiver, to, 'taken')],
    );
    if (outcome.status !== 'found') return outcome;
    const isSent = membership.takes(nodes.node(sender, from, 'taken'), outcome.datum);
    const isTaken = membership.takes(nodes.node(receiver, to, 'taken'), outcome.datum);
    return isSent === true && isTaken === false ? outcome : unclear('the two schemas');
  }
}

type Placed = readonly [schema: JsonSchema | boolean, document: JsonSchema];
