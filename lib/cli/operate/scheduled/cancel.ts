import type { Command } from 'commander';
import {
  type Cancellable,
  cancelScheduled,
  findCancellable,
} from '../../../ops/scheduled/cancel-scheduled.ts';
import { requireSchedules } from '../../../ops/scheduled/deployed-schedules.ts';
import { confirm } from '../../terminal/confirm.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { formatTime } from '../../terminal/format-time.ts';
import { nonEmpty } from '../../terminal/parse-options.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { printJson } from '../../terminal/print-json.ts';
import { untilStopped } from '../../terminal/until-stopped.ts';
import { type TargetOptions, withDeployment, withTarget } from '../target.ts';

type CancelOptions = TargetOptions & {
  readonly source?: string;
  readonly yes: boolean;
  readonly json: boolean;
};

/** Adds `fanfare scheduled cancel`. */
export function addScheduledCancel(scheduled: Command): void {
  withTarget(
    scheduled
      .command('cancel')
      .argument('<name>', 'its schedule, as scheduled list shows it, or its id', nonEmpty),
  )
    .description(
      'Cancels an event that comes later: it is not delivered, unless it was delivered already. It asks first.',
    )
    .option('--source <source>', 'of the event; needed when it is due within 15 minutes', nonEmpty)
    .option('--yes', 'do not ask', false)
    .option('--json', 'print what was cancelled as JSON', false)
    .action(runCancel);
}

async function runCancel(
  name: string,
  { source, yes, json, ...options }: CancelOptions,
  command: Command,
): Promise<void> {
  if (!yes && !process.stdin.isTTY)
    command.error('error: this cancels an event and cannot ask here; add --yes', { exitCode: EXIT.usage });
  const signal = untilStopped();
  await withDeployment(options, async ({ clients, deployment }) => {
    const schedules = requireSchedules(deployment);
    const found = await findCancellable(clients, schedules, { name, source });
    if (!yes && !(await confirm(`Cancel ${describe(found)}?`, signal))) {
      console.error('Nothing was cancelled.');
      process.exitCode = EXIT.trouble;
      return;
    }
    await cancelScheduled(clients, schedules, { ...found, at: Date.now() });
    const { id, source: of, schedules: gone } = found;
    if (json) printJson('cancelled', { source: of, id, schedules: gone.map(({ name }) => name) });
    else console.log(`Cancelled ${describe(found)}.`);
    if (!found.isWhole)
      console.error(
        'There are more schedules than were looked at: one of this event may stay. The event is dropped when it is due.',
      );
  });
}

function describe({ source, id, schedules: [first] }: Cancellable): string {
  const what = `${plainText(id)} of ${plainText(source)}`;
  if (first === undefined)
    return `the event ${what}: it has no schedule, and is not delivered if it waits in the queue`;
  return `${plainText(first.type)} ${what}, which is due on ${formatTime(first.deliverAt)}`;
}
