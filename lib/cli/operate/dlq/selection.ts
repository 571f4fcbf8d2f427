import type { Command } from 'commander';
import type { Selection } from '../../../ops/dead-letters/selection.ts';
import { nonEmpty, seconds, wholeNumber } from '../../terminal/parse-options.ts';

/** Options that select dead letters. */
export interface SelectionOptions {
  readonly eventId?: string;
  readonly error?: string;
  readonly type?: string;
  readonly text?: string;
  readonly olderThan?: number;
  readonly newerThan?: number;
  readonly limit?: number;
}

/** Adds the arguments and options that select dead letters. A selected message matches all of them. */
export function withSelection(command: Command): Command {
  return command
    .argument('[message-id...]', 'only these, with the ids that dlq list shows', collectIds)
    .option('--event-id <id>', 'only this event', nonEmpty)
    .option('--error <name>', 'only those with this error', nonEmpty)
    .option('--type <type>', 'only events of this type, with or without its version', nonEmpty)
    .option('--text <text>', 'only those with this text in their event, such as a customer’s id', nonEmpty)
    .option('--older-than <time>', 'only those that failed longer ago: seconds, or 15m, 2h, 7d', seconds)
    .option('--newer-than <time>', 'only those that failed since: seconds, or 15m, 2h, 7d', seconds)
    .option('--limit <count>', 'at most this many: the first that are found', wholeNumber({ min: 1 }));
}

/** Refuses an empty id, for example of a shell variable that is not set: it must not select all messages. */
function collectIds(id: string, sofar: readonly string[] = []): readonly string[] {
  return [...sofar, nonEmpty(id)];
}

export function selectionOf(
  messageIds: readonly string[],
  { eventId, error, type, text, olderThan, newerThan, limit }: SelectionOptions,
): Selection {
  return {
    messageIds: messageIds.length > 0 ? messageIds : undefined,
    eventId,
    errorName: error,
    type,
    text,
    olderThanSeconds: olderThan,
    newerThanSeconds: newerThan,
    limit,
  };
}
