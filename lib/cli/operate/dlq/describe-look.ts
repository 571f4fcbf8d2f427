import { MAX_VISIBILITY_SECONDS } from '../../../ops/aws-limits.ts';
import type { DeadLetterQueue } from '../../../ops/dead-letters/dead-letter-queue.ts';
import { HOLD_SECONDS } from '../../../ops/dead-letters/hold.ts';
import type { Look } from '../../../ops/dead-letters/look-through.ts';
import { listMoves } from '../../../ops/dead-letters/move-tasks.ts';
import { fanfareCommand } from '../../../ops/fanfare-command.ts';
import type { Connection } from '../target.ts';
import { whereaboutsOf } from './queue-options.ts';

/** Says how many messages of a queue were read, and where the others are: `9000 of 10000 read; 1000 are with another reader ...`. */
export function describeLook(look: Look, { url }: DeadLetterQueue): string {
  const { ended, seen, total, withOthers, notHandedOut, unread } = look;
  const parts = [`${seen} of ${total} read`];
  if (ended === 'stopped') parts.push('stopped');
  if (withOthers > 0) parts.push(`${withOthers} are with another reader ${untilWhen(Date.now())}`);
  if (notHandedOut > 0) parts.push(`${notHandedOut} ${whyNot(url)}`);
  if (unread > 0)
    parts.push(`the reasons of ${unread} are unknown, because the idempotency table cannot be read`);
  return `${parts.join('; ')}.`;
}

/** Says when SQS itself is moving the messages that could not be read. Other readers of a queue are not known. */
export async function describeReaders(
  connection: Connection,
  { role, consumer }: DeadLetterQueue,
  { withOthers }: Pick<Look, 'withOthers'>,
): Promise<readonly string[]> {
  if (withOthers === 0 || role !== 'dead-letter queue') return [];
  const [latest] = await listMoves(connection.clients, consumer);
  if (latest?.status !== 'RUNNING') return [];
  const where = whereaboutsOf(connection);
  return [
    'SQS itself is moving them back to the queue.',
    `Show the progress: ${fanfareCommand(`dlq moves ${consumer.label}`, where)}`,
    `Stop it: ${fanfareCommand(`dlq cancel ${consumer.label}`, where)}`,
  ];
}

/** Until when another reader can hide messages. SQS does not say who the reader is; a fanfare command hides them only for a short time. */
export function untilWhen(now: number): string {
  return `until ${clock(now + HOLD_SECONDS * 1_000)} if it is a fanfare command that was killed, otherwise at most until ${clock(now + MAX_VISIBILITY_SECONDS * 1_000)}`;
}

function whyNot(url: string): string {
  return url.endsWith('.fifo')
    ? 'are behind others of their message group; SQS returns them only when those are deleted'
    : 'were not returned by SQS; run the command again';
}

/** Hours and minutes, UTC. */
function clock(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}
