import type { Command } from 'commander';
import { functionOf, type NamedFault, readFaults, setFault } from '../../../lib/ops/faults.ts';
import { type PlaceOptions, withDeployment, withPlace } from './place.ts';

type ChaosOptions = Pick<PlaceOptions, 'awsPort' | 'dynamodbPort'> & { readonly json: boolean };

/** Adds `fanfare chaos`. */
export function addChaosCommand(program: Command): void {
  withPlace(program.command('chaos'))
    .description(
      'Breaks something on this machine on purpose, and mends it. Without a target: what is broken.',
    )
    .argument('[target]', 'a consumer; publish; or an engine: aws, dynamodb')
    .argument('[fault]', 'fail, slow, crash, timeout or duplicate; away for an engine; mend')
    .option('--json', 'print what is broken as JSON', false)
    .action(runChaos);
}

async function runChaos(
  target: string | undefined,
  kind: string | undefined,
  { awsPort, dynamodbPort, json }: ChaosOptions,
  command: Command,
): Promise<void> {
  if (target !== undefined && kind === undefined) {
    command.error('error: say what is to happen to it: fail, slow, crash, timeout, duplicate, away or mend', {
      exitCode: 2,
    });
  }
  await withDeployment({ awsPort, dynamodbPort }, async ({ deployment }) => {
    const endpoint = `http://127.0.0.1:${awsPort}`;
    if (target !== undefined) {
      await setFault(endpoint, functionOf(deployment, target), kind === 'mend' ? undefined : kind);
    }
    const faults = await readFaults(endpoint, deployment);
    console.log(json ? JSON.stringify(faults) : describe(faults));
  });
}

function describe(faults: readonly NamedFault[]): string {
  if (faults.length === 0) return 'Nothing is broken.';
  return faults
    .map(({ target, kind }) => `${target}: ${kind} (mend it: npx fanfare chaos ${target} mend)`)
    .join('\n');
}
