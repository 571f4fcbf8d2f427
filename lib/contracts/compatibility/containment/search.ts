import type { Expander } from './expand.ts';
import type { Membership } from './membership.ts';
import type { Node, Nodes } from './node.ts';
import type { Outcome } from './outcome.ts';

/** The parts of the solver that the searches for objects and lists use. */
export interface Search {
  readonly nodes: Nodes;
  readonly expander: Expander;
  readonly membership: Membership;
  /** Names that neither document has. A producer may send such a field when the object is open. */
  readonly foreignNames: readonly string[];
  /** Finds data that all schemas of `accepted` accept and all schemas of `refused` refuse. */
  find(accepted: readonly Node[], refused: readonly Node[]): Outcome;
  /** Counts a step, and returns whether the limit of steps is exceeded. */
  isSpent(): boolean;
}
