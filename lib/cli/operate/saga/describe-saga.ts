import type { SagaStep, ShownSaga, ShownTimeout } from '../../../ops/saga/shown-saga.ts';
import { formatDuration, formatTime } from '../../terminal/format-time.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { formatTable } from '../../terminal/table.ts';

/** A saga with its steps over time. @param now epoch milliseconds */
export function describeSaga(saga: ShownSaga, now: number): string {
  const { steps, isWhole, timeouts, undo, data, correlationId } = saga;
  return [
    stateLine(saga, now),
    '',
    ...(isWhole ? [] : ['Only the last moves are kept; it had others before.']),
    formatTable([['when (UTC)', 'after', 'event', 'from', 'to'], ...steps.map(row)]),
    '',
    ...(timeouts.length === 0 ? ['No time-out is set.'] : timeouts.map((one) => timeoutLine(one, now))),
    ...(undo.length === 0 ? ['Nothing is registered that undoes it.'] : ['To undo it, it would emit:']),
    ...undo.map(({ event, data: of }) => `  ${plainText(event)} ${jsonOf(of)}`),
    `Data: ${jsonOf(data)}`,
    `Correlation id, for fanfare trace: ${plainText(correlationId)}`,
  ].join('\n');
}

function stateLine({ consumer, id, step, updatedAt, endedAt, expiresAt }: ShownSaga, now: number): string {
  const name = `${plainText(consumer)} ${plainText(id)}`;
  if (endedAt === undefined) {
    // On this machine, its clock may be ahead of this one.
    const length = formatDuration(Math.max(0, now - Date.parse(updatedAt)));
    return `${name} runs: in '${plainText(step)}', last moved ${length} ago.`;
  }
  const removal = expiresAt === undefined ? '' : ` It is removed after ${timeText(expiresAt)}.`;
  return `${name} has ended as '${plainText(step)}' on ${timeText(endedAt)}.${removal}`;
}

function row({ at, afterMilliseconds, event, from, to }: SagaStep): readonly string[] {
  const after = afterMilliseconds === undefined ? '' : formatDuration(afterMilliseconds);
  return [timeText(at), after, plainText(event), from === undefined ? '?' : plainText(from), plainText(to)];
}

function timeoutLine({ event, at, id }: ShownTimeout, now: number): string {
  const left = Date.parse(at) - now;
  const when = left > 0 ? `in ${formatDuration(left)}` : `${formatDuration(-left)} ago`;
  return `Time-out ${plainText(event)} ${left > 0 ? 'comes' : 'was due'} on ${timeText(at)}, ${when}; its id is ${plainText(id)}`;
}

function jsonOf(data: unknown): string {
  return plainText(JSON.stringify(data));
}

function timeText(at: string): string {
  return formatTime(Date.parse(at));
}
