import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { type Base, checkContracts, type Verdict } from '../../lib/contracts/compatibility/gate.ts';
import { describeVerdict } from './contracts/describe-verdict.ts';
import { findBases } from './contracts/find-bases.ts';
import { loadContracts } from './contracts/load-contracts.ts';
import { SchemaFiles } from './contracts/schema-files.ts';
import { writeDocuments } from './contracts/write-documents.ts';

const EVENTS = fileURLToPath(new URL('../../events', import.meta.url));

interface ContractsOptions {
  readonly events: string;
  readonly against?: string;
  readonly json: boolean;
}

const AGAINST = [
  '--against <ref>',
  'commit, branch or tag whose schemas count as published too (default: where this branch left the main branch)',
] as const;

/** Adds `fanfare contracts check`, `accept` and `docs` to the command line. */
export function addContractsCommands(program: Command): void {
  const contracts = program
    .command('contracts')
    .description('What the events promise: whether it still holds, and how it is published.');
  contracts
    .command('check')
    .description(
      'Compares the contracts with the schemas that were published of them. Exits with 1 unless all are the same.',
    )
    .option('--events <folder>', 'folder of the contracts', EVENTS)
    .option(...AGAINST)
    .option('--json', 'print the verdicts as JSON', false)
    .action(runCheck);
  contracts
    .command('accept')
    .description(
      'Publishes the schemas of new versions, and of versions that have changed in a way that breaks nobody.',
    )
    .option('--events <folder>', 'folder of the contracts', EVENTS)
    .option(...AGAINST)
    .option(
      '--retire <type...>',
      'give up versions that no contract knows any more, such as shop.OrderPlaced.v1',
    )
    .option('--json', 'print the verdicts as JSON', false)
    .action(runAccept);
  contracts
    .command('docs')
    .description(
      'Writes openapi.json (the publish API) and asyncapi.json (the bus, and who takes what from it).',
    )
    .option('--out <folder>', 'where to', 'docs/api')
    .action(async ({ out }: { readonly out: string }) => {
      for (const file of await writeDocuments(out)) console.log(file);
    });
}

interface Compared {
  readonly files: SchemaFiles;
  readonly verdicts: readonly Verdict[];
  readonly bases: readonly Base[];
  readonly notes: readonly string[];
}

async function compare({ events, against }: ContractsOptions): Promise<Compared> {
  const files = new SchemaFiles(events);
  const contracts = await loadContracts(events);
  const { bases, notes } = await findBases(events, against);
  return { files, bases, notes, verdicts: checkContracts(contracts, { files: await files.read(), bases }) };
}

async function runCheck(options: ContractsOptions): Promise<void> {
  const compared = await compare(options);
  const open = compared.verdicts.filter(({ status }) => status !== 'same' && status !== 'retired');
  const calm = `All ${compared.verdicts.length} versions are as they were published.`;
  print(options, compared, open.length > 0 ? open.map(describe) : [calm]);
  if (open.length > 0) process.exitCode = 1;
}

/** All or nothing: what breaks somebody keeps the rest from being published too. */
async function runAccept(
  options: ContractsOptions & { readonly retire?: readonly string[] },
  command: Command,
): Promise<void> {
  const { retire = [] } = options;
  const compared = await compare(options);
  const { verdicts, files } = compared;
  const isRetired = ({ status, type }: Verdict): boolean => status === 'gone' && retire.includes(type);
  const wrong = retire.find((type) => !verdicts.some((one) => one.type === type && isRetired(one)));
  if (wrong !== undefined) {
    command.error(
      `error: ${wrong} cannot be retired: a contract knows it, it was never published, or its schema is another`,
      { exitCode: 2 },
    );
  }
  const refused = verdicts.filter(
    (one) => one.status === 'incompatible' || (one.status === 'gone' && !isRetired(one)),
  );
  if (refused.length > 0) {
    print(options, compared, [...refused.map(describe), 'Nothing was published.']);
    process.exitCode = 1;
    return;
  }
  const done: string[] = [];
  for (const verdict of verdicts) {
    if (!('schema' in verdict)) continue;
    const { type, schema } = verdict;
    if (isRetired(verdict)) await files.retire(type, schema);
    else await files.write(type, schema);
    done.push(`${isRetired(verdict) ? 'Retired' : 'Published'} ${type}: ${files.pathOf(type)}`);
  }
  print(
    options,
    compared,
    done.length > 0 ? [...done, 'Commit the schemas with the contracts.'] : ['Nothing has changed.'],
  );
}

function describe(verdict: Verdict): string {
  return describeVerdict(verdict).join('\n');
}

/** What was found, and what it was compared with: a check that saw little must not look like one that saw all. */
function print(
  { json }: ContractsOptions,
  { verdicts, bases, notes }: Compared,
  text: readonly string[],
): void {
  const against = bases.map(({ name, schemas }) => ({ commit: name, versions: schemas.size }));
  if (json) {
    console.log(JSON.stringify({ verdicts, against, notes }, null, 2));
    return;
  }
  const compared = against.map(
    ({ commit, versions }) => `Compared with ${commit}, which has ${versions} versions.`,
  );
  console.log([...text, ...compared, ...notes].join('\n'));
}
