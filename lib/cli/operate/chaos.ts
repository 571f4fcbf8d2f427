import { type Command, Option } from 'commander';
import { faultTargetNamed, type NamedFault, readFaults, setFault } from '../../ops/faults.ts';
import { EXIT } from '../terminal/exit-code.ts';
import { printJson } from '../terminal/print-json.ts';
import { type TargetOptions, withApp, withDeployment, withPorts } from './target.ts';

type ChaosOptions = TargetOptions & { readonly json: boolean };

/** Options that name a deployment on AWS, where no fault can be turned on. */
const OF_AWS = ['stage', 'profile', 'region'] as const;

/** Adds `fanfare chaos`. */
export function addChaosCommand(program: Command): void {
  const chaos = withApp(withPorts(program.command('chaos')));
  // They are accepted and then refused with a message: a command that names a stage must not break this machine instead.
  for (const name of OF_AWS) chaos.addOption(new Option(`--${name} <name>`).hideHelp());
  chaos
    .description(
      'Breaks something on this machine on purpose, and repairs it. Without a target, it lists what is broken.',
    )
    .argument('[target]', 'a consumer, or an engine: aws, dynamodb')
    .argument(
      '[fault]',
      'for a consumer: fail, slow, crash, timeout, duplicate; for an engine: unreachable; for both: repair',
    )
    .option('--json', 'print what is broken as JSON', false)
    .action(runChaos);
}

async function runChaos(
  target: string | undefined,
  kind: string | undefined,
  { app, awsPort, dynamodbPort, json, ...options }: ChaosOptions,
  command: Command,
): Promise<void> {
  const named = OF_AWS.find((name) => options[name] !== undefined);
  if (named !== undefined) {
    command.error(`error: chaos breaks only what runs on this machine; leave --${named} out`, {
      exitCode: EXIT.usage,
    });
  }
  if (target !== undefined && kind === undefined) {
    command.error(
      'error: name the fault: fail, slow, crash, timeout, duplicate or unreachable; or repair, which ends it',
      { exitCode: EXIT.usage },
    );
  }
  await withDeployment({ app, awsPort, dynamodbPort }, async ({ deployment }) => {
    const endpoint = `http://127.0.0.1:${awsPort}`;
    if (target !== undefined) {
      const named = faultTargetNamed(deployment, target);
      await setFault(endpoint, named, kind === 'repair' ? undefined : kind);
    }
    const faults = await readFaults(endpoint, deployment);
    if (json) printJson('faults', faults);
    else console.log(describe(faults));
  });
}

function describe(faults: readonly NamedFault[]): string {
  if (faults.length === 0) return 'Nothing is broken.';
  return faults
    .map(({ target, kind }) => `${target}: ${kind} (repair it: npx fanfare chaos ${target} repair)`)
    .join('\n');
}
