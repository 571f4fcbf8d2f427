import * as z from 'zod';
import type { Place } from '../../ops/clients.ts';
import { functionOf, type NamedFault, readFaults, setFault } from '../../ops/faults.ts';
import { type Action, ActionProblem, change, read } from '../action.ts';
import type { Deployed } from '../deployed.ts';
import { checked } from './checked.ts';

const faultBody = z.object({ target: z.string(), kind: z.string().optional() });

/** What only this machine has: mail that is kept, and faults on purpose. */
export function localActions({ deployment }: Deployed, place: Place & { kind: 'local' }): readonly Action[] {
  return [
    read('/api/mail', async () => {
      const response = await fetch(`${place.awsEndpoint}/_fanfare/mail`);
      return response.json();
    }),
    read('/api/faults', (): Promise<readonly NamedFault[]> => readFaults(place.awsEndpoint, deployment)),
    change('/api/faults', async (_, body) => {
      const { target, kind } = checked(faultBody, body);
      try {
        return await setFault(place.awsEndpoint, functionOf(deployment, target), kind);
      } catch (cause) {
        // The machine says which targets and kinds there are.
        throw new ActionProblem(400, cause instanceof Error ? cause.message : String(cause), { cause });
      }
    }),
  ];
}
