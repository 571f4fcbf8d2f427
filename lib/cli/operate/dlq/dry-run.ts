import type { DeadLetterQueue } from '../../../ops/dead-letters/dead-letter-queue.ts';
import { hasUnseen } from '../../../ops/dead-letters/look-through.ts';
import type { Selection } from '../../../ops/dead-letters/selection.ts';
import { EXIT } from '../../terminal/exit-code.ts';
import { printJson } from '../../terminal/print-json.ts';
import type { Connection } from '../target.ts';
import { describeLook, describeReaders } from './describe-look.ts';
import { describeMissing, describeReasons, findDeadLetters, nameOf } from './find.ts';
import { reasonsJson } from './json.ts';

interface DryRunOptions {
  readonly selection: Selection;
  readonly signal: AbortSignal;
  readonly json: boolean;
  /** The command that is not done. */
  readonly kind: 'redrive' | 'purge';
}

/** Says which messages a redrive or a purge would select, and changes nothing. */
export async function runDry(
  connection: Connection,
  queue: DeadLetterQueue,
  { selection, signal, json, kind }: DryRunOptions,
): Promise<void> {
  const found = await findDeadLetters(connection, queue, { selection, signal });
  const { look, messageIds, reasons, missing, mismatched } = found;
  const count = messageIds.length;
  if (json) printJson(kind, { dryRun: true, count, reasons: reasonsJson(reasons), missing, look });
  else {
    if (reasons.length > 0) console.log(`${describeReasons(reasons)}\n`);
    const what = kind === 'purge' ? 'be deleted' : `go back to the queue of ${queue.consumer.label}`;
    console.log(`${nameOf(queue, count)} would ${what}; nothing was changed.`);
    for (const one of describeMissing(found)) console.error(one);
    console.error(describeLook(look, queue));
    for (const one of await describeReaders(connection, queue, look)) console.error(one);
  }
  if (hasUnseen(look)) process.exitCode = EXIT.unknown;
  else if (missing.length + mismatched.length > 0 && !signal.aborted) process.exitCode = EXIT.trouble;
}
