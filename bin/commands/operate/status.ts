import { styleText } from 'node:util';
import type { Command } from 'commander';
import { readStatus, type Status } from '../../../lib/ops/status.ts';
import { formatDuration } from '../../terminal/format-time.ts';
import { formatTable } from '../../terminal/table.ts';
import { type PlaceOptions, withDeployment, withPlace } from './place.ts';

/** Adds `fanfare status`. */
export function addStatusCommand(program: Command): void {
  withPlace(program.command('status'))
    .description('Shows what waits, what is dead and which alarms are on. Exits with 1 if an alarm is.')
    .option('--json', 'print it as JSON', false)
    .action(runStatus);
}

async function runStatus({ json, ...options }: PlaceOptions & { readonly json: boolean }): Promise<void> {
  const status = await withDeployment(options, ({ clients, deployment }) => readStatus(clients, deployment));
  console.log(json ? JSON.stringify(status, null, 2) : describe(status));
  if (status.consumers.some(({ alarms }) => alarms.length > 0)) process.exitCode = 1;
}

function describe({ consumers }: Status): string {
  const rows = consumers.map(({ name, waiting, inFlight, oldestAgeSeconds, dead, undelivered, alarms }) => [
    name,
    waiting,
    inFlight,
    oldestAgeSeconds === undefined ? '' : formatDuration(oldestAgeSeconds * 1_000),
    dead,
    undelivered,
    alarms.length > 0 ? 'ALARM' : 'ok',
  ]);
  const table = formatTable([
    ['consumer', 'waiting', 'in flight', 'oldest', 'dead', 'undelivered', 'alarms'],
    ...rows,
  ]);
  const alarms = consumers.flatMap((consumer) => consumer.alarms.map((alarm) => `ALARM ${alarm}`));
  return [table, ...alarms.map((line) => styleText('red', line))].join('\n');
}
