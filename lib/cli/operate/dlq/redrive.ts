import type { Command } from 'commander';
import { MAX_MOVED_PER_SECOND } from '../../../ops/aws-limits.ts';
import type { DeadLetterQueue } from '../../../ops/dead-letters/dead-letter-queue.ts';
import { type Redriven, type RedriveProgress, redrive } from '../../../ops/dead-letters/redrive.ts';
import type { Selection } from '../../../ops/dead-letters/selection.ts';
import type { Refusal } from '../../../ops/dead-letters/send-back.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { wholeNumber } from '../../terminal/parse-options.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { printJson } from '../../terminal/print-json.ts';
import { createProgress } from '../../terminal/progress.ts';
import { untilStopped } from '../../terminal/until-stopped.ts';
import type { Connection } from '../target.ts';
import { describeLook, untilWhen } from './describe-look.ts';
import { runDry } from './dry-run.ts';
import { describeMissing, nameOf } from './find.ts';
import { ofQueue, type QueueOptions, whereaboutsOf, withQueue } from './queue-options.ts';
import { type SelectionOptions, selectionOf, withSelection } from './selection.ts';

type RedriveOptions = QueueOptions &
  SelectionOptions & { readonly perSecond?: number; readonly dryRun: boolean; readonly json: boolean };

/** Adds `fanfare dlq redrive`. */
export function addDlqRedrive(dlq: Command): void {
  withSelection(ofQueue(dlq.command('redrive')))
    .description(
      'Sends dead letters back to their queue. Ctrl-C stops it: messages that are not moved yet stay, and nothing is lost. Exits with 1 if some are left.',
    )
    .option(
      '--per-second <count>',
      `maximum number of messages a second, 1 to ${MAX_MOVED_PER_SECOND}`,
      wholeNumber({ min: 1, max: MAX_MOVED_PER_SECOND }),
    )
    .option('--dry-run', 'show what would be sent, and change nothing', false)
    .option('--json', 'print the result as JSON', false)
    .action(runRedrive);
}

async function runRedrive(
  name: string,
  messageIds: readonly string[] = [],
  { perSecond, dryRun, json, ...options }: RedriveOptions,
): Promise<void> {
  const signal = untilStopped();
  const selection = selectionOf(messageIds, options);
  await withQueue(name, options, async (connection, queue) => {
    if (dryRun) {
      await runDry(connection, queue, { selection, signal, json, kind: 'redrive' });
      return;
    }
    const redriven = await redriveWithProgress(connection, queue, { selection, perSecond, signal });
    if (json) printJson('redrive', jsonOf(redriven));
    else print(queue, redriven);
    if (!redriven.stopped && isIncomplete(redriven)) process.exitCode = EXIT.trouble;
  });
}

interface RedriveRequest {
  readonly selection: Selection;
  readonly perSecond: number | undefined;
  readonly signal: AbortSignal;
}

async function redriveWithProgress(
  connection: Connection,
  queue: DeadLetterQueue,
  request: RedriveRequest,
): Promise<Redriven> {
  const progress = createProgress(process.stderr, 'Redriving');
  const onProgress = ({ moved, seen, total }: RedriveProgress): void =>
    seen === undefined
      ? progress.update(moved, { total })
      : progress.update(seen, { total, note: `${moved} sent back` });
  const where = whereaboutsOf(connection);
  const redriven = await redrive(connection.clients, queue, { ...request, where, onProgress });
  if (redriven.moved > 0) progress.finish();
  return redriven;
}

function isIncomplete({ left, undeleted, missing, mismatched, cancelled }: Redriven): boolean {
  return cancelled || left + undeleted.length + missing.length + mismatched.length > 0;
}

function jsonOf({ mismatched: _, cancelled: __, ...redriven }: Redriven): object {
  return redriven;
}

function print(queue: DeadLetterQueue, redriven: Redriven): void {
  const { moved, left, stopped, look } = redriven;
  const verb = moved === 1 ? 'was' : 'were';
  console.log(
    `${nameOf(queue, moved)} ${verb} sent back to the queue of ${queue.consumer.label}${stopped ? '; stopped' : ''}.`,
  );
  if (look) console.error(describeLook(look, queue));
  for (const one of describeMissing(redriven)) console.error(one);
  for (const one of describeRefusals('SQS refused', redriven.refused)) console.error(one);
  for (const one of describeRefusals('SQS sent but did not delete', redriven.undeleted)) console.error(one);
  if (left > 0) console.error(`${nameOf(queue, left)} not moved${whyLeft(redriven)}.`);
}

/** Why messages are left. The task of SQS moves all messages that it can receive, unless it is cancelled. */
function whyLeft({ look, stopped, cancelled }: Redriven): string {
  if (look || stopped) return '';
  return cancelled
    ? ': somebody has cancelled the redrive'
    : `: with another reader, ${untilWhen(Date.now())}; then redrive again`;
}

const MAX_SHOWN = 5;

export function describeRefusals(what: string, refused: readonly Refusal[]): readonly string[] {
  const shown = refused
    .slice(0, MAX_SHOWN)
    .map(({ messageId, reason }) => `${what} ${messageId}: ${plainText(reason)}`);
  return refused.length > MAX_SHOWN ? [...shown, `${what} ${refused.length - MAX_SHOWN} more.`] : shown;
}
