import { emitterName } from '../../contracts/envelope/consumer-source.ts';
import type { IntakeState } from '../../intake/intake-state.ts';
import { createIntakeTable } from '../../intake/intake-table.ts';
import type { OpsClients } from '../clients.ts';
import type { Finding } from '../doctor/finding.ts';
import { look, mapInParallel } from '../doctor/look.ts';
import type { DeployedStack, DeployedStacks } from '../doctor/read-stacks.ts';
import { ownerName } from '../find-stacks.ts';
import { INTAKE_TABLE_OUTPUT } from './deployed-intake.ts';

/** Which consumers are stopped, for a comparison of their stacks. */
export interface Intakes {
  /** The state of the consumer of a stack. Undefined: it was never stopped. `unknown`: its bus cannot stop it, or could not be read. */
  of(stack: Pick<DeployedStack, 'tags'>): IntakeState | undefined | 'unknown';
  /** Tables that could not be read. */
  readonly unseen: readonly Finding[];
}

/** Reads which consumers of the buses of an app, and of the bus that it listens to, are stopped: one Scan for each bus. */
export async function lookAtIntakes(
  { dynamodb }: Pick<OpsClients, 'dynamodb'>,
  { own, bus }: Pick<DeployedStacks, 'own' | 'bus'>,
): Promise<Intakes> {
  const states = new Map<string, readonly IntakeState[]>();
  const buses = new Set([...own, ...(bus ? [bus] : [])]);
  const unseen = await mapInParallel([...buses], async ({ stackName, outputs }) => {
    const { [INTAKE_TABLE_OUTPUT]: name } = outputs;
    if (name === undefined) return [];
    return look(`intake table of ${stackName}`, async () => {
      states.set(stackName, await createIntakeTable({ dynamodb, name }).all());
      return [];
    });
  });
  return {
    unseen,
    of: ({ tags }) => {
      const { 'fanfare:consumer': consumer, 'fanfare:app': app = '', 'fanfare:stage': stage = '' } = tags;
      const owner = ownerName({ app, stage });
      const busName = tags['fanfare:bus'] ?? `${owner}-Bus`;
      const known = states.get(busName);
      if (consumer === undefined || !known) return 'unknown';
      const key = emitterName(consumer, owner, busName);
      return known.find((state) => state.consumer === key);
    },
  };
}
