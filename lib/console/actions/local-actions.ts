import * as z from 'zod';
import type { Target } from '../../ops/clients.ts';
import { faultTargetNamed, type NamedFault, readFaults, setFault } from '../../ops/faults.ts';
import { type Action, ActionError, change, read } from '../action.ts';
import type { ConsoleContext } from '../console-context.ts';
import { checked } from './checked.ts';

const faultBody = z.object({ target: z.string(), kind: z.string().optional() });

/** Actions for a deployment on this machine only: kept mail, and faults. */
export function localActions(
  { deployment }: ConsoleContext,
  place: Target & { kind: 'local' },
): readonly Action[] {
  return [
    read('/api/mail', async () => {
      const response = await fetch(`${place.awsEndpoint}/_fanfare/mail`);
      return response.json();
    }),
    read('/api/faults', (): Promise<readonly NamedFault[]> => readFaults(place.awsEndpoint, deployment)),
    change('/api/faults', async (_, body) => {
      const { target, kind } = checked(faultBody, body);
      try {
        return await setFault(place.awsEndpoint, faultTargetNamed(deployment, target), kind);
      } catch (cause) {
        // The message lists the valid targets or kinds.
        throw new ActionError(400, cause instanceof Error ? cause.message : String(cause), { cause });
      }
    }),
  ];
}
