import type { Command } from 'commander';
import type { DeadLetter } from '../../../ops/dead-letters/dead-letter.ts';
import type { DeadLetterQueue } from '../../../ops/dead-letters/dead-letter-queue.ts';
import { hasUnseen } from '../../../ops/dead-letters/look-through.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { formatTime } from '../../terminal/format-time.ts';
import { plainText, shortened } from '../../terminal/plain-text.ts';
import { printJsonLine } from '../../terminal/print-json.ts';
import { MIN_CELL, terminalWidth } from '../../terminal/table.ts';
import { untilStopped } from '../../terminal/until-stopped.ts';
import { describeLook, describeReaders } from './describe-look.ts';
import { describeMissing, describeReasons, type Found, findDeadLetters, nameOf } from './find.ts';
import { deadLetterJson, reasonsJson } from './json.ts';
import { ofQueue, type QueueOptions, withQueue } from './queue-options.ts';
import { type SelectionOptions, selectionOf, withSelection } from './selection.ts';

type ListOptions = QueueOptions & SelectionOptions & { readonly json: boolean };

/** Adds `fanfare dlq list`. */
export function addDlqList(dlq: Command): void {
  withSelection(ofQueue(dlq.command('list')))
    .description(
      'Lists dead letters: first the reasons with their counts, then each message. Nothing is changed.',
    )
    .option('--json', 'print one dead letter per line as JSON, and the summary last', false)
    .action(runList);
}

async function runList(
  name: string,
  messageIds: readonly string[] = [],
  { json, ...options }: ListOptions,
): Promise<void> {
  const signal = untilStopped();
  await withQueue(name, options, async (connection, queue) => {
    // The summary is printed first, so the lines are kept until then. Of a dead letter only its line is kept.
    const lines: string[] = [];
    const width = terminalWidth();
    const found = await findDeadLetters(connection, queue, {
      selection: selectionOf(messageIds, options),
      signal,
      onDeadLetter: (one) =>
        void (json
          ? printJsonLine('deadLetter', deadLetterJson(one))
          : lines.push(deadLetterLine(one, width))),
    });
    if (json) printJsonLine('deadLetterSummary', summaryOf(found));
    else print(queue, found, lines);
    for (const one of await describeReaders(connection, queue, found.look)) console.error(one);
    if (hasUnseen(found.look)) process.exitCode = EXIT.unknown;
    else if (found.missing.length + found.mismatched.length > 0 && !signal.aborted)
      process.exitCode = EXIT.trouble;
  });
}

function summaryOf({ messageIds, reasons, missing, look }: Found): object {
  return { count: messageIds.length, reasons: reasonsJson(reasons), missing, look };
}

function print(queue: DeadLetterQueue, found: Found, lines: readonly string[]): void {
  const { look, messageIds, reasons } = found;
  if (reasons.length > 0) console.log(`${describeReasons(reasons)}\n`);
  for (const one of lines) console.log(one);
  for (const one of describeMissing(found)) console.error(one);
  console.error(
    `${nameOf(queue, messageIds.length)} of ${queue.consumer.label}: ${describeLook(look, queue)}`,
  );
}

const MAX_REASON_CHARACTERS = 100;
const INDENT = '  ';

/**
 * A dead letter in one line; if that is wider than the terminal, the reason goes on a second line and is cut there. The message id is never
 * cut, because other commands need it.
 *
 * @param width in characters
 */
export function deadLetterLine(deadLetter: DeadLetter, width: number): string {
  const { messageId, lastAt, type, errorName, errorMessage, attempts } = deadLetter;
  const tries = attempts === undefined ? '' : ` (${attempts} attempts)`;
  const reason = shortened(plainText(`${errorName}: ${errorMessage}`), MAX_REASON_CHARACTERS);
  const id = `${messageId}${INDENT}${formatTime(lastAt)}${INDENT}`;
  const typeName = plainText(type ?? 'no event');
  const oneLine = `${id}${typeName}${INDENT}${reason}${tries}`;
  if (oneLine.length <= width) return oneLine;
  const room = width - INDENT.length - tries.length;
  return `${id}${shortened(typeName, Math.max(MIN_CELL, width - id.length))}\n${INDENT}${shortened(reason, Math.max(MIN_CELL, room))}${tries}`;
}
