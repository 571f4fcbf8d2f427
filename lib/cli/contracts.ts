import type { Command } from 'commander';
import { checkConsumers } from '../contracts/consumers/check-consumers.ts';
import { type ContextOptions, readContext, withContext } from './context.ts';
import { addAcceptCommand } from './contracts/accept-command.ts';
import { compareWithPublished, openVerdicts } from './contracts/compare-with-published.ts';
import { addConsumersCommand } from './contracts/consumers/consumers-command.ts';
import { describeFindings } from './contracts/consumers/describe-findings.ts';
import { readConsumerFiles } from './contracts/consumers/read-consumer-files.ts';
import { addImportCommand } from './contracts/import/import-command.ts';
import { addPackCommand } from './contracts/pack/pack-command.ts';
import {
  type ContractsOptions,
  describeCompared,
  printCompared,
  withContracts,
} from './contracts/print-compared.ts';
import { writeDocuments } from './contracts/write-documents.ts';

/** Adds `fanfare contracts` to the command line. */
export function addContractsCommands(program: Command): void {
  const contracts = program
    .command('contracts')
    .description('What the events promise: whether it still holds, and how it is published.');
  withContracts(contracts.command('check'))
    .description(
      'Compares the contracts with the schemas that were published of them. Exits with 1 unless all are the same.',
    )
    .option(
      '--consumers <file...>',
      "what 'contracts consumers' of other apps has written, or folders of it: a consumer that breaks is named",
    )
    .option('--json', 'print the verdicts as JSON', false)
    .action(runCheck);
  addAcceptCommand(contracts);
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
  const text = open.length > 0 ? open.map(describeCompared) : [calm];
  printCompared(options, { ...compared, findings }, [
    ...text,
    ...(findings ? describeFindings(findings) : []),
  ]);
  if (open.length > 0 || findings?.some(({ breaks }) => breaks)) process.exitCode = 1;
}
