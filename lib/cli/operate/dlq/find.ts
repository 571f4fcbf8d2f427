import type { DeadLetter } from '../../../ops/dead-letters/dead-letter.ts';
import type { DeadLetterQueue } from '../../../ops/dead-letters/dead-letter-queue.ts';
import { isWhole, type Look, lookThrough } from '../../../ops/dead-letters/look-through.ts';
import { createSelector, type Selection } from '../../../ops/dead-letters/selection.ts';
import { shownDeadLetter } from '../../../ops/dead-letters/shown-dead-letter.ts';
import { type ReasonCount, ReasonSummary } from '../../../ops/dead-letters/summarize.ts';
import { plainText, shortened } from '../../terminal/plain-text.ts';
import { createProgress } from '../../terminal/progress.ts';
import { formatTable } from '../../terminal/table.ts';
import type { Connection } from '../target.ts';

/** Result of a search. It keeps only the ids of the messages. */
export interface Found {
  readonly look: Look;
  readonly messageIds: readonly string[];
  readonly reasons: readonly ReasonCount[];
  /** Named ids that were not found. */
  readonly missing: readonly string[];
  /** Named ids that were found but do not match the rest of the selection. */
  readonly mismatched: readonly string[];
}

export interface FindOptions {
  readonly selection: Selection;
  readonly signal: AbortSignal;
  /** Called for each selected dead letter, with shortened links. */
  readonly onDeadLetter?: (deadLetter: DeadLetter) => void;
}

/** Searches dead letters without changing any, and shows the progress. */
export async function findDeadLetters(
  { clients }: Pick<Connection, 'clients'>,
  queue: DeadLetterQueue,
  { selection, signal, onDeadLetter }: FindOptions,
): Promise<Found> {
  const selector = createSelector(selection);
  const summary = new ReasonSummary();
  const messageIds: string[] = [];
  const progress = createProgress(process.stderr, 'Reading');
  const look = await lookThrough(clients, queue, {
    signal,
    onProgress: ({ seen, total }) => progress.update(seen, { total, note: `${messageIds.length} chosen` }),
    visit: async (received) => {
      for (const { deadLetter } of selector.select(received)) {
        const shown = shownDeadLetter(deadLetter);
        messageIds.push(shown.messageId);
        summary.add(shown);
        onDeadLetter?.(shown);
      }
      return selector.isDone ? 'enough' : 'next';
    },
  });
  if (look.seen > 0) progress.finish();
  const { missing, mismatched } = selector;
  return { look, messageIds, reasons: summary.reasons, missing, mismatched };
}

/** A table of the reasons and the number of dead letters for each. */
export function describeReasons(reasons: readonly ReasonCount[]): string {
  const rows = reasons.map(({ count, type = 'no event', errorName, message }) => [
    count,
    plainText(type),
    shortened(plainText(`${errorName}: ${message}`), 90),
  ]);
  return formatTable([['count', 'type', 'reason'], ...rows]);
}

/** A number of messages with their name: `3 dead letters`. */
export function nameOf({ role }: Pick<DeadLetterQueue, 'role'>, count: number): string {
  const [one, many] =
    role === 'undelivered queue'
      ? ['undelivered message', 'undelivered messages']
      : ['dead letter', 'dead letters'];
  return `${count} ${count === 1 ? one : many}`;
}

/** Says which of the named messages are not selected. That a message does not exist is known only when all messages were read. */
export function describeMissing({
  missing,
  mismatched,
  look,
}: Pick<Found, 'missing' | 'mismatched'> & { readonly look?: Look | undefined }): readonly string[] {
  const isKnown = look !== undefined && isWhole(look);
  return [
    ...missing.map((id) =>
      isKnown ? `There is no message ${plainText(id)}.` : `Message ${plainText(id)} was not found.`,
    ),
    ...mismatched.map((id) => `Message ${plainText(id)} is in the queue, but does not match the options.`),
  ];
}
