import type { Command } from 'commander';
import { type BusAttributes, readBus } from '../../ops/bus/read-bus.ts';
import type { Owner } from '../../ops/find-stacks.ts';
import { printJson } from '../terminal/print-json.ts';
import { formatTable } from '../terminal/table.ts';
import { type TargetOptions, withDeployment, withTarget } from './target.ts';

/** Adds `fanfare bus`. */
export function addBusCommand(program: Command): void {
  withTarget(program.command('bus'))
    .description(
      'Prints what consumers in another account need to know of the bus: what EventBus.fromAttributes takes.',
    )
    .option('--json', 'print it as JSON', false)
    .action(runBus);
}

async function runBus({ json, ...options }: TargetOptions & { readonly json: boolean }): Promise<void> {
  const { attributes, owner } = await withDeployment(options, async ({ clients, deployment }) => ({
    attributes: await readBus(clients, deployment),
    owner: deployment.busOwner,
  }));
  if (json) printJson('busAttributes', attributes);
  else console.log(describe(attributes, owner));
}

function describe(attributes: BusAttributes, owner: Owner | undefined): string {
  const { app, stage } = owner ?? { app: '', stage: '' };
  return [
    formatTable([['attribute', 'value'], ...Object.entries(attributes)]),
    '',
    'An app of the same account and region needs none of these values:',
    `  EventBus.fromStage(app, 'Bus', { app: '${app}', stage: '${stage}' })`,
    'An app of another account takes all of them, as the data of --json has them:',
    "  EventBus.fromAttributes(app, 'Bus', { busName, topicArn, ... })",
    'The alarm topic of the bus is not among them: it takes alarms of its own account only. There, give each consumer an alarmTopic:',
    '  new AlarmStack(app, settings).alarmTopic',
    'The bus has to let that account in: the policies of its topic, key and bucket say whether it does.',
  ].join('\n');
}
