import { type Base, checkContracts, type Verdict } from '../../contracts/compatibility/check-contracts.ts';
import type { EventContract } from '../../contracts/define-event.ts';
import { findProject } from '../../project/find-project.ts';
import { findBases } from './find-bases.ts';
import { loadContracts } from './load-contracts.ts';
import { SchemaFiles } from './schema-files.ts';

/** Which contracts are compared, and with what. */
export interface ComparedContracts {
  /** The folder of the contracts. @default - that of the project */
  readonly events?: string;
  /** A commit, branch or tag. @default - where this branch left the main branch */
  readonly against?: string;
}

/** The contracts of a folder, and what has changed since they were published. */
export interface Compared {
  readonly contracts: readonly EventContract[];
  readonly files: SchemaFiles;
  readonly verdicts: readonly Verdict[];
  readonly bases: readonly Base[];
  /** What does not hold for want of a base. */
  readonly notes: readonly string[];
}

/** Compares the contracts of a folder with the schemas that were published of them. */
export async function compareWithPublished({
  events = findProject().events,
  against,
}: ComparedContracts): Promise<Compared> {
  const files = new SchemaFiles(events);
  const contracts = await loadContracts(events);
  const { bases, notes } = await findBases(events, against);
  const verdicts = checkContracts(contracts, { files: await files.read(), bases });
  return { contracts, files, bases, notes, verdicts };
}

/** The verdicts that `contracts check` fails for. */
export function openVerdicts({ verdicts }: Compared): readonly Verdict[] {
  return verdicts.filter(({ status }) => status !== 'same' && status !== 'retired');
}
