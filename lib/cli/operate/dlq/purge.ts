import type { Command } from 'commander';
import type { DeadLetterQueue } from '../../../ops/dead-letters/dead-letter-queue.ts';
import { hasUnseen } from '../../../ops/dead-letters/look-through.ts';
import { type Purged, purge } from '../../../ops/dead-letters/purge.ts';
import { purgeFileName } from '../../../ops/dead-letters/purge-file.ts';
import type { Selection } from '../../../ops/dead-letters/selection.ts';
import { fanfareCommand } from '../../../ops/fanfare-command.ts';
import { confirm } from '../../terminal/confirm.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { nonEmpty } from '../../terminal/parse-options.ts';
import { printJson } from '../../terminal/print-json.ts';
import { createProgress } from '../../terminal/progress.ts';
import { untilStopped } from '../../terminal/until-stopped.ts';
import type { Connection } from '../target.ts';
import { describeLook } from './describe-look.ts';
import { runDry } from './dry-run.ts';
import { describeMissing, describeReasons, findDeadLetters, nameOf } from './find.ts';
import { ofQueue, type QueueOptions, whereaboutsOf, withQueue } from './queue-options.ts';
import { describeRefusals } from './redrive.ts';
import { type SelectionOptions, selectionOf, withSelection } from './selection.ts';

type PurgeOptions = QueueOptions &
  SelectionOptions & {
    readonly file?: string;
    readonly yes: boolean;
    readonly dryRun: boolean;
    readonly json: boolean;
  };

/** Adds `fanfare dlq purge`. */
export function addDlqPurge(dlq: Command): void {
  withSelection(ofQueue(dlq.command('purge')))
    .description(
      'Writes dead letters to a file that `dlq restore` reads, then deletes them. It counts them and asks first.',
    )
    .option('--file <path>', 'the file (default: dead-letters-<consumer>-<time>.jsonl)', nonEmpty)
    .option('--yes', 'do not count and do not ask', false)
    .option('--dry-run', 'show what would be deleted, and change nothing', false)
    .option('--json', 'print the result as JSON', false)
    .action(runPurge);
}

async function runPurge(
  name: string,
  messageIds: readonly string[] = [],
  { file = purgeFileName(name), yes, dryRun, json, ...options }: PurgeOptions,
  command: Command,
): Promise<void> {
  if (!yes && !dryRun && !process.stdin.isTTY)
    command.error('error: this deletes messages and cannot ask here; add --yes', { exitCode: EXIT.usage });
  const signal = untilStopped();
  const selection = selectionOf(messageIds, options);
  await withQueue(name, options, async (connection, queue) => {
    if (dryRun) {
      await runDry(connection, queue, { selection, signal, json, kind: 'purge' });
      return;
    }
    const agreed = yes ? WITHOUT_COUNT : await agree(connection, queue, { selection, signal });
    if (signal.aborted) return;
    if (!agreed) {
      console.error('Nothing was deleted.');
      process.exitCode = EXIT.trouble;
      return;
    }
    const request = { selection: agreed.counted ?? selection, file, signal };
    const purged = await purgeWithProgress(connection, queue, request);
    if (json) printJson('purge', jsonOf(purged, [...agreed.missing, ...purged.missing]));
    else print(connection, queue, purged);
    const isWhole = agreed.isWhole && !isIncomplete(purged);
    if (purged.look.ended !== 'stopped' && !isWhole) process.exitCode = EXIT.trouble;
  });
}

interface PurgeRequest {
  readonly selection: Selection;
  readonly signal: AbortSignal;
}

/** What the person agreed to, and what the count did not find. */
interface Agreement {
  /** Exactly the counted messages. @default - all selected messages */
  readonly counted?: Selection;
  readonly missing: readonly string[];
  /** Whether the count found and read all selected messages. */
  readonly isWhole: boolean;
}

const WITHOUT_COUNT: Agreement = { missing: [], isWhole: true };

/** Counts and asks. @returns undefined when the person did not agree */
async function agree(
  connection: Connection,
  queue: DeadLetterQueue,
  { selection, signal }: PurgeRequest,
): Promise<Agreement | undefined> {
  const found = await findDeadLetters(connection, queue, { selection, signal });
  const { messageIds, reasons, missing, mismatched, look } = found;
  if (signal.aborted) return undefined;
  if (reasons.length > 0) console.error(`${describeReasons(reasons)}\n`);
  console.error(describeLook(look, queue));
  for (const one of describeMissing(found)) console.error(one);
  if (messageIds.length === 0) return undefined;
  const { app, stage } = connection.deployment;
  const question = `Delete ${nameOf(queue, messageIds.length)} of ${queue.consumer.label} (stage ${stage} of ${app})?`;
  if (!(await confirm(question, signal))) return undefined;
  return {
    counted: { messageIds },
    missing,
    isWhole: !hasUnseen(look) && missing.length + mismatched.length === 0,
  };
}

async function purgeWithProgress(
  { clients }: Connection,
  queue: DeadLetterQueue,
  request: PurgeRequest & { readonly file: string },
): Promise<Purged> {
  const progress = createProgress(process.stderr, 'Purging');
  const purged = await purge(clients, queue, {
    ...request,
    onProgress: ({ purged: count, seen, total }) =>
      progress.update(seen, { total, note: `${count} deleted` }),
  });
  if (purged.purged > 0) progress.finish();
  return purged;
}

function isIncomplete({ left, missing, mismatched }: Purged): boolean {
  return left + missing.length + mismatched.length > 0;
}

function jsonOf({ purged, refused, look, file }: Purged, missing: readonly string[]): object {
  return { purged, refused, look, missing, file };
}

function print(connection: Connection, queue: DeadLetterQueue, result: Purged): void {
  const { purged, look, refused, file } = result;
  const verb = purged === 1 ? 'was' : 'were';
  const written = file === undefined ? '' : ` written to ${file} and`;
  console.log(`${nameOf(queue, purged)} of ${queue.consumer.label} ${verb}${written} deleted.`);
  if (purged > 0)
    console.log(`Send them back: ${fanfareCommand(`dlq restore ${file}`, whereaboutsOf(connection))}`);
  console.error(describeLook(look, queue));
  for (const one of describeMissing(result)) console.error(one);
  for (const one of describeRefusals('SQS did not delete', refused)) console.error(one);
}
