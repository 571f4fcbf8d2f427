import type { SagaParts } from '../../contracts/saga/saga-definition.ts';

/**
 * What an event gives as the key of its saga: a text, unless the code of `correlate` was not checked by the compiler.
 *
 * @param type the type of the event, without its version
 * @param data data that its contract has checked
 */
export function correlated({ correlate }: SagaParts, type: string, data: unknown): unknown {
  if (typeof correlate === 'string') return Object(data)[correlate];
  // Each function gets the data of its own event type only, which has been checked.
  return correlate[type]?.(data as never);
}
