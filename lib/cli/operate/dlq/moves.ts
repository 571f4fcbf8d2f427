import type { Command } from 'commander';
import { cancelMove, listMoves, type MoveTask } from '../../../ops/dead-letters/move-tasks.ts';
import { consumerNamed } from '../../../ops/deployment.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { formatTime } from '../../terminal/format-time.ts';
import { isoTimes } from '../../terminal/iso-times.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { printJson } from '../../terminal/print-json.ts';
import { formatTable } from '../../terminal/table.ts';
import { type TargetOptions, withDeployment } from '../target.ts';
import { ofConsumer } from './queue-options.ts';

type MovesOptions = TargetOptions & { readonly json: boolean };

/** Adds `fanfare dlq moves` and `cancel`. */
export function addDlqMoves(dlq: Command): void {
  ofConsumer(dlq.command('moves'))
    .description(
      'Shows the running and the latest redrives by SQS itself. They continue when the command that started them has ended.',
    )
    .option('--json', 'print them as JSON', false)
    .action(runMoves);
  ofConsumer(dlq.command('cancel'))
    .description('Stops the running redrive by SQS. Messages that are not moved yet stay.')
    .option('--json', 'print it as JSON', false)
    .action(runCancel);
}

async function runMoves(name: string, { json, ...options }: MovesOptions): Promise<void> {
  const moves = await withDeployment(options, ({ clients, deployment }) =>
    listMoves(clients, consumerNamed(deployment, name)),
  );
  if (json) printJson('moves', moves.map(jsonOf));
  else if (moves.length === 0) console.log(`SQS has not moved dead letters of ${name}.`);
  else
    console.log(formatTable([['started (UTC)', 'status', 'moved', 'of', 'a second'], ...moves.map(rowOf)]));
}

async function runCancel(name: string, { json, ...options }: MovesOptions): Promise<void> {
  const cancelled = await withDeployment(options, ({ clients, deployment }) =>
    cancelMove(clients, consumerNamed(deployment, name)),
  );
  if (!cancelled) {
    process.exitCode = EXIT.trouble;
    if (json) printJson('cancel', null);
    else console.error(`SQS is not moving dead letters of ${name}. There is nothing to stop.`);
    return;
  }
  if (json) printJson('cancel', jsonOf(cancelled));
  else
    console.log(
      `${cancelled.status.toLowerCase()}: ${cancelled.moved} dead letters are back in the queue of ${name}.`,
    );
}

function rowOf({ startedAt, status, moved, toMove, perSecond, failureReason }: MoveTask) {
  const reason = failureReason === undefined ? '' : `: ${plainText(failureReason)}`;
  return [formatTime(startedAt), `${status.toLowerCase()}${reason}`, moved, toMove ?? '', perSecond ?? ''];
}

function jsonOf({ handle: _, ...task }: MoveTask): object {
  return isoTimes(task, 'startedAt');
}
