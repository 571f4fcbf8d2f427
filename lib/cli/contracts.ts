import type { Command } from 'commander';
import type { Verdict } from '../contracts/compatibility/check-contracts.ts';
import { type ConsumerFinding, checkConsumers } from '../contracts/consumers/check-consumers.ts';
import { type ContextOptions, readContext, withContext } from './context.ts';
import { type Compared, compareWithPublished, openVerdicts } from './contracts/compare-with-published.ts';
import { addConsumersCommand } from './contracts/consumers/consumers-command.ts';
import { describeFindings } from './contracts/consumers/describe-findings.ts';
import { readConsumerFiles } from './contracts/consumers/read-consumer-files.ts';
import { describeVerdict } from './contracts/describe-verdict.ts';
import { addImportCommand } from './contracts/import/import-command.ts';
import { addPackCommand } from './contracts/pack/pack-command.ts';
import { writeDocuments } from './contracts/write-documents.ts';
import { nonEmpty } from './terminal/parse-options.ts';
import { printJson } from './terminal/print-json.ts';

interface ContractsOptions {
  readonly events?: string;
  readonly against?: string;
  readonly json: boolean;
}

const AGAINST = [
  '--against <ref>',
  'commit, branch or tag whose schemas count as published too (default: where this branch left the main branch)',
] as const;

/** Adds `fanfare contracts` to the command line. */
export function addContractsCommands(program: Command): void {
  const contracts = program
    .command('contracts')
    .description('What the events promise: whether it still holds, and how it is published.');
  contracts
    .command('check')
    .description(
      'Compares the contracts with the schemas that were published of them. Exits with 1 unless all are the same.',
    )
    .option(
      '--events <folder>',
      'folder of the contracts (default: events, or what package.json says)',
      nonEmpty,
    )
    .option(...AGAINST)
    .option(
      '--consumers <file...>',
      "what 'contracts consumers' of other apps has written, or folders of it: a consumer that breaks is named",
    )
    .option('--json', 'print the verdicts as JSON', false)
    .action(runCheck);
  contracts
    .command('accept')
    .description(
      'Publishes the schemas of new versions, and of versions that have changed in a way that breaks nobody.',
    )
    .option(
      '--events <folder>',
      'folder of the contracts (default: events, or what package.json says)',
      nonEmpty,
    )
    .option(...AGAINST)
    .option(
      '--retire <type...>',
      'give up versions that no contract knows any more, such as shop.OrderPlaced.v1',
    )
    .option('--json', 'print the verdicts as JSON', false)
    .action(runAccept);
  withContext(contracts.command('docs'))
    .description(
      'Writes openapi.json (the publish API) and asyncapi.json (the bus, and who takes what from it), and of each other bus the same with its name.',
    )
    .option('--out <folder>', 'where to', 'docs/api')
    .action(async ({ out, ...options }: ContextOptions & { readonly out: string }) => {
      for (const file of await writeDocuments(out, readContext(options))) console.log(file);
    });
  addPackCommand(contracts);
  addImportCommand(contracts);
  addConsumersCommand(contracts);
}

async function runCheck(
  options: ContractsOptions & { readonly consumers?: readonly string[] },
): Promise<void> {
  const apps = options.consumers && (await readConsumerFiles(options.consumers));
  const compared = await compareWithPublished(options);
  const { contracts, files, bases } = compared;
  const findings = apps && checkConsumers(apps, contracts, { files: await files.read(), bases });
  const open = openVerdicts(compared);
  const calm = `All ${compared.verdicts.length} versions are as they were published.`;
  const text = open.length > 0 ? open.map(describe) : [calm];
  print(options, { ...compared, findings }, [...text, ...(findings ? describeFindings(findings) : [])]);
  if (open.length > 0 || findings?.some(({ breaks }) => breaks)) process.exitCode = 1;
}

/** All or nothing: one breaking change prevents that the others are published. */
async function runAccept(
  options: ContractsOptions & { readonly retire?: readonly string[] },
  command: Command,
): Promise<void> {
  const { retire = [] } = options;
  const compared = await compareWithPublished(options);
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
  {
    verdicts,
    bases,
    notes,
    findings,
  }: Compared & { readonly findings?: readonly ConsumerFinding[] | undefined },
  text: readonly string[],
): void {
  const against = bases.map(({ name, schemas }) => ({ commit: name, versions: schemas.size }));
  if (json) {
    printJson('contracts', { verdicts, against, notes, ...(findings && { consumers: findings }) });
    return;
  }
  const compared = against.map(
    ({ commit, versions }) => `Compared with ${commit}, which has ${versions} versions.`,
  );
  console.log([...text, ...compared, ...notes].join('\n'));
}
