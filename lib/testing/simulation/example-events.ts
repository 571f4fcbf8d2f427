import type { EventContract } from '../../contracts/define-event.ts';
import { requestExamples } from '../../contracts/documents/examples.ts';
import type { TestEvent } from '../test-event.ts';

/**
 * Two events of each contract, made of its schema, or of the examples that it names.
 *
 * @throws Error when no example can be made of a contract
 */
export function exampleEvents(contracts: readonly EventContract[]): readonly TestEvent<EventContract>[] {
  return contracts.flatMap((contract) => {
    const { type, versionedType, description } = contract;
    const { structured } = requestExamples([{ version: contract, description }], false);
    const example = structured[versionedType]?.value;
    if (typeof example !== 'object' || example === null || !('data' in example))
      throw new Error(
        `no example of ${versionedType} can be made of its schema; give simulate() events, or the schema examples (.meta({ examples: [...] }))`,
      );
    const event = { type, data: example.data };
    return [event, event];
  });
}
