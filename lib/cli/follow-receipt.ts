import type { PublishedEvent, Publisher } from '../publishing/client/create-publisher.ts';
import { formatReceipt, summarizeReceipt } from './format-receipt.ts';
import { EXIT } from './terminal/exit-code.ts';
import { printJsonError, printJsonLine } from './terminal/print-json.ts';
import { isWell, NoAnswerInTimeError, type Waited, waitForReceipt } from './wait-for-receipt.ts';

export interface FollowOptions {
  /** How long to follow it at most. */
  readonly seconds: number;
  /** Whether a program reads the output. */
  readonly json: boolean;
}

/**
 * Shows how far a published event is on standard error when that is a terminal, and at the end its receipt. Without a receipt it says that the
 * event is published all the same.
 *
 * @returns the exit code: 1 when a consumer has given the event up or is not done in time, 3 when its receipt cannot be read
 */
export async function followReceipt(
  publisher: Publisher,
  event: PublishedEvent,
  { seconds, json }: FollowOptions,
): Promise<number> {
  const { stderr } = process;
  const waited = await waitForReceipt({
    read: (signal) => publisher.receipt(event, { signal }),
    milliseconds: seconds * 1_000,
    onReceipt: (one) => {
      if (stderr.isTTY) stderr.write(`\r${summarizeReceipt(one)}\u001b[K`);
    },
  });
  if (stderr.isTTY) stderr.write('\r\u001b[K');
  print(event, waited, json);
  return exitCodeOf(waited);
}

function print({ type, id }: PublishedEvent, { receipt, failure }: Waited, json: boolean): void {
  if (receipt && json) printJsonLine('receipt', receipt);
  if (receipt && !json) console.log(formatReceipt(receipt));
  if (!failure) return;
  const { name } = failure;
  const message = `${type} ${id} is published, but what became of it is not known: ${failure.message}`;
  if (json) printJsonError({ name, message });
  console.error(`fanfare: ${message}`);
}

function exitCodeOf({ receipt, failure }: Waited): number {
  const isDead = receipt?.consumers.some(({ status }) => status === 'dead') ?? false;
  if (failure && !isDead && !(failure instanceof NoAnswerInTimeError)) return EXIT.unknown;
  return receipt && !failure && isWell(receipt) ? EXIT.ok : EXIT.trouble;
}
