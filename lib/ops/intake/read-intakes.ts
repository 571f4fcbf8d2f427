import { createIntakeTable } from '../../intake/intake-table.ts';
import type { OpsClients } from '../clients.ts';
import { attempt, type Problem } from '../problem.ts';
import { type DeployedIntake, type IntakeConsumer, intakeKeyOf } from './deployed-intake.ts';
import { type ShownIntake, shownIntake } from './shown-intake.ts';

/** Which consumers are stopped. */
export interface IntakesReading {
  /** Null: it is not known, or the bus of the consumer cannot stop it. */
  of(consumer: IntakeConsumer): ShownIntake | null;
  /** Tables that could not be read. */
  readonly problems: readonly Problem[];
}

/** Reads which consumers are stopped: one Scan for each bus. The table has an item for each consumer that was ever stopped. */
export async function readIntakes(
  { dynamodb }: Pick<OpsClients, 'dynamodb'>,
  intakes: readonly DeployedIntake[],
): Promise<IntakesReading> {
  const read = await Promise.all(
    intakes.map(async ({ bus, tableName: name }) => {
      const all = createIntakeTable({ dynamodb, name }).all();
      return { bus, ...(await attempt({ resource: 'intake table', name }, all)) };
    }),
  );
  const byBus = new Map(read.map(({ bus, value }) => [bus, value]));
  return {
    of: (consumer) => {
      const states = byBus.get(consumer.bus);
      if (!states) return null;
      return shownIntake(states.find((state) => state.consumer === intakeKeyOf(consumer)));
    },
    problems: read.flatMap(({ problems }) => problems),
  };
}
