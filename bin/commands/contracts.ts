import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { checkContracts, type Verdict } from '../../lib/contracts/compatibility/gate.ts';
import { describeVerdict } from './contracts/describe-verdict.ts';
import { loadContracts } from './contracts/load-contracts.ts';
import { SchemaFiles } from './contracts/schema-files.ts';
import { writeDocuments } from './contracts/write-documents.ts';

const EVENTS = fileURLToPath(new URL('../../events', import.meta.url));

interface ContractsOptions {
  readonly events: string;
  readonly json: boolean;
}

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
    .option('--json', 'print the verdicts as JSON', false)
    .action(runCheck);
  contracts
    .command('accept')
    .description(
      'Publishes the schemas of new versions, and of versions that have changed in a way that breaks nobody.',
    )
    .option('--events <folder>', 'folder of the contracts', EVENTS)
    .option(
      '--retire <type...>',
      'forget versions that no contract knows any more, such as shop.OrderPlaced.v1',
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

async function runCheck({ events, json }: ContractsOptions): Promise<void> {
  const verdicts = checkContracts(await loadContracts(events), await new SchemaFiles(events).read());
  const open = verdicts.filter(({ status }) => status !== 'same');
  const calm = `All ${verdicts.length} versions are as they were published.`;
  print(json, verdicts, open.length > 0 ? open.map(describe) : [calm]);
  if (open.length > 0) process.exitCode = 1;
}

/** All or nothing: what breaks somebody keeps the rest from being published too. */
async function runAccept(
  { events, json, retire = [] }: ContractsOptions & { readonly retire?: readonly string[] },
  command: Command,
): Promise<void> {
  const files = new SchemaFiles(events);
  const verdicts = checkContracts(await loadContracts(events), await files.read());
  const isRetired = ({ status, type }: Verdict): boolean => status === 'gone' && retire.includes(type);
  const wrong = retire.find((type) => !verdicts.some((one) => one.type === type && isRetired(one)));
  if (wrong !== undefined) {
    command.error(`error: ${wrong} cannot be retired: a contract knows it, or it was never published`, {
      exitCode: 2,
    });
  }
  const refused = verdicts.filter(
    (one) => one.status === 'incompatible' || (one.status === 'gone' && !isRetired(one)),
  );
  if (refused.length > 0) {
    print(json, verdicts, [...refused.map(describe), 'Nothing was published.']);
    process.exitCode = 1;
    return;
  }
  const done: string[] = [];
  for (const verdict of verdicts) {
    if (isRetired(verdict)) {
      await files.remove(verdict.type);
      done.push(`Retired ${verdict.type}`);
    } else if ('schema' in verdict) {
      await files.write(verdict.type, verdict.schema);
      done.push(`Published ${verdict.type}: ${files.pathOf(verdict.type)}`);
    }
  }
  print(
    json,
    verdicts,
    done.length > 0 ? [...done, 'Commit the schemas with the contracts.'] : ['Nothing has changed.'],
  );
}

function describe(verdict: Verdict): string {
  return describeVerdict(verdict).join('\n');
}

function print(json: boolean, verdicts: readonly Verdict[], text: readonly string[]): void {
  console.log(json ? JSON.stringify(verdicts, null, 2) : text.join('\n'));
}
