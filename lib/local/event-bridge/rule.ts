import { noop } from '../resources/noop.ts';
import type { CreateResource } from '../resources/resource.ts';

/** AWS::Events::Rule: it exists, and nothing comes from it. */
export const createRule: CreateResource = (request, machine) => {
  machine.note(
    'EventBridge does not run on this machine: no event comes from its rules. What functions put on its buses is kept, not delivered',
  );
  return noop(request, machine);
};
