import type { Envelope } from '../../contracts/envelope/envelope.ts';
import type { Problem } from '../../contracts/text/problem.ts';

/**
 * Why a bus that keeps the order does not take an event: it has no partitionkey, so that nobody knows what it is to be in order with. Undefined
 * when it is taken.
 *
 * @param fifo whether the topic keeps the order of a message group
 */
export function orderProblem({ partitionkey }: Envelope, fifo: boolean | undefined): Problem | undefined {
  if (!fifo || partitionkey !== undefined) return undefined;
  return {
    pointer: '/partitionkey',
    detail:
      'is missing: on a FIFO bus it says which events stay in order, such as the id of the order or the customer that they are about',
  };
}
