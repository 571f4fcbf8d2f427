import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { EventContract } from '../../contracts/define-event.ts';
import { type Deployment, readDeployment, requireBus } from '../../ops/deployment.ts';
import { ownerName } from '../../ops/find-stacks.ts';
import { describeProblem, type Problem } from '../../ops/problem.ts';
import type { EventParties } from '../../ops/who/parties.ts';
import { type Parties, partiesNamed, readParties } from '../../ops/who/read-parties.ts';
import { findProject } from '../../project/find-project.ts';
import { loadContracts } from '../contracts/load-contracts.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { nonEmpty } from '../terminal/parse-options.ts';
import { plainText } from '../terminal/plain-text.ts';
import { printJson } from '../terminal/print-json.ts';
import { describeWho } from './describe-who.ts';
import { type Connection, type TargetOptions, withDeployment, withTarget } from './target.ts';

type WhoOptions = TargetOptions & { readonly all: boolean; readonly json: boolean };

/** Adds `fanfare who`. */
export function addWhoCommand(program: Command): void {
  withTarget(program.command('who').argument('[type]', 'an event, with its version or without', nonEmpty))
    .description(
      'Lists who publishes an event and who takes it, of all apps, from what is deployed. Exits with 1 if nobody publishes it or nobody takes it.',
    )
    .option('--all', 'every event of the bus, for a catalogue', false)
    .option('--json', 'print it as JSON', false)
    .action(runWho);
}

async function runWho(
  typed: string | undefined,
  { all, json, ...options }: WhoOptions,
  command: Command,
): Promise<void> {
  if ((typed === undefined) !== all)
    command.error('error: name an event, or say --all', { exitCode: EXIT.usage });
  const parties = await withDeployment(options, readAll);
  const events = typed === undefined ? parties.events : [partiesNamed(parties.events, typed)];
  if (json) printJson('who', events, parties.problems);
  else console.log(events.map(describeWho).join('\n\n'));
  for (const problem of parties.problems)
    console.error(plainText(`? ${describeProblem(problem)}; somebody may be missing`));
  process.exitCode = exitCodeOf(events, parties.problems, all);
}

async function readAll({ clients, deployment }: Connection): Promise<Parties> {
  const ofBus = await readDeploymentOfBus({ clients, deployment });
  requireBus(ofBus);
  return readParties(clients, ofBus, await contractsHere());
}

/** From the repository of a consumer too, the consumers of all apps are asked for: they are known to the bus. */
async function readDeploymentOfBus({
  clients,
  deployment,
}: Pick<Connection, 'clients' | 'deployment'>): Promise<Deployment> {
  const { busOwner, owner } = deployment;
  return busOwner === undefined || ownerName(busOwner) === owner
    ? deployment
    : readDeployment(clients, busOwner);
}

/** Outside of a project, or without contracts, the deployment alone is asked. */
async function contractsHere(): Promise<readonly EventContract[]> {
  const folder = eventsHere();
  return folder !== undefined && existsSync(join(folder, 'index.ts')) ? loadContracts(folder) : [];
}

function eventsHere(): string | undefined {
  try {
    return findProject().events;
  } catch {
    // This is no folder of a project.
    return undefined;
  }
}

function exitCodeOf(
  events: readonly EventParties[],
  problems: readonly Problem[],
  isCatalogue: boolean,
): number {
  if (problems.length > 0) return EXIT.unknown;
  const isLonely = events.some(
    ({ producers, consumers }) => producers.length === 0 || consumers.length === 0,
  );
  return isLonely && !isCatalogue ? EXIT.trouble : EXIT.ok;
}
