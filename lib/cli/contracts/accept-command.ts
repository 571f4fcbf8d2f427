import { Command, Option } from 'commander';
import type { Verdict } from '../../contracts/compatibility/check-contracts.ts';
import { type TargetOptions, withTarget } from '../operate/target.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { type Compared, compareWithPublished } from './compare-with-published.ts';
import { findHeld } from './find-held.ts';
import { type ContractsOptions, describeCompared, printCompared, withContracts } from './print-compared.ts';

type AcceptOptions = ContractsOptions &
  TargetOptions & { readonly retire?: readonly string[]; readonly local: boolean };

/** Adds `fanfare contracts accept`. */
export function addAcceptCommand(contracts: Command): void {
  withTarget(withContracts(contracts.command('accept')))
    .description(
      'Publishes the schemas of new versions, and of versions that have changed in a way that breaks nobody.',
    )
    .option(
      '--retire <type...>',
      'give up versions that no contract knows any more, such as shop.OrderPlaced.v1; refused while the archive of the --stage has events of them',
    )
    .addOption(
      new Option('--local', 'with --retire: the archive of what runs on this machine')
        .default(false)
        .conflicts('stage'),
    )
    .option('--json', 'print the verdicts as JSON', false)
    .action(runAccept);
}

/** All or nothing: one breaking change prevents that the others are published. */
async function runAccept(options: AcceptOptions, command: Command): Promise<void> {
  const { retire = [] } = options;
  if (retire.length === 0) refuseTarget(command);
  const compared = await compareWithPublished(options);
  const { verdicts } = compared;
  const isRetired = ({ status, type }: Verdict): boolean => status === 'gone' && retire.includes(type);
  const wrong = retire.find((type) => !verdicts.some((one) => one.type === type && isRetired(one)));
  if (wrong !== undefined) {
    command.error(
      `error: ${wrong} cannot be retired: a contract knows it, it was never published, or its schema is another`,
      { exitCode: EXIT.usage },
    );
  }
  const refused = verdicts.filter(
    (one) => one.status === 'incompatible' || (one.status === 'gone' && !isRetired(one)),
  );
  if (refused.length > 0) return refuse(options, compared, refused.map(describeCompared));
  const held = retire.length === 0 ? { refusals: [], notes: [] } : await findHeld(retire, options);
  const noted = { ...compared, notes: [...compared.notes, ...held.notes] };
  if (held.refusals.length > 0) return refuse(options, noted, held.refusals);
  const done = await publish(compared, isRetired);
  printCompared(
    options,
    noted,
    done.length > 0 ? [...done, 'Commit the schemas with the contracts.'] : ['Nothing has changed.'],
  );
}

/** Which deployment is meant matters only to what is retired: with no such version, nothing would be asked. */
function refuseTarget(command: Command): void {
  const target = withTarget(new Command()).options.map((option) => option.attributeName());
  const typed = command.options.find((option) => {
    const name = option.attributeName();
    return [...target, 'local'].includes(name) && command.getOptionValueSource(name) === 'cli';
  });
  if (typed === undefined) return;
  command.error(
    `error: ${typed.long} names the archive that --retire asks; say --retire too, or leave it out`,
    { exitCode: EXIT.usage },
  );
}

function refuse(options: AcceptOptions, compared: Compared, reasons: readonly string[]): void {
  // In JSON the verdicts are the reasons; those of the archive are in none of them.
  const notes = options.json ? [...compared.notes, ...reasons] : compared.notes;
  printCompared(options, { ...compared, notes }, [...reasons, 'Nothing was published.']);
  process.exitCode = EXIT.trouble;
}

async function publish(
  { verdicts, files }: Compared,
  isRetired: (verdict: Verdict) => boolean,
): Promise<readonly string[]> {
  const done: string[] = [];
  for (const verdict of verdicts) {
    if (!('schema' in verdict)) continue;
    const { type, schema } = verdict;
    if (isRetired(verdict)) await files.retire(type, schema);
    else await files.write(type, schema);
    done.push(`${isRetired(verdict) ? 'Retired' : 'Published'} ${type}: ${files.pathOf(type)}`);
  }
  return done;
}
