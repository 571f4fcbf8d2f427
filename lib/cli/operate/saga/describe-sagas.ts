import type { ReadSagas } from '../../../ops/saga/read-sagas.ts';
import type { SagaSummary } from '../../../ops/saga/shown-saga.ts';
import { formatTime } from '../../terminal/format-time.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { formatTable } from '../../terminal/table.ts';

/** The counts of each step, the sagas that are shown, and what was left out. */
export function describeSagas(
  { sagas, counts, unreadable, problems, isWhole, consumers }: ReadSagas & { readonly consumers: number },
  shown: readonly SagaSummary[],
): string {
  if (consumers === 0 && problems.length === 0) return 'No consumer here is a saga.';
  const rows = counts.map(({ consumer, step, isEnd, count }) => [
    ...[plainText(consumer), plainText(step), isEnd ? 'ended' : 'runs', count],
  ]);
  const lines = [
    ...(rows.length === 0 ? [] : [formatTable([['consumer', 'step', '', 'sagas'], ...rows]), '']),
    shown.length === 0 ? none(rows.length > 0) : formatTable([HEADING, ...shown.map(row)]),
    ...(sagas.length > shown.length ? [`${sagas.length - shown.length} more; --limit shows more.`] : []),
    ...(isWhole ? [] : ['There are more sagas than were read; older ones may be among them.']),
    ...unreadable.map(
      ({ consumer, id, reason }) =>
        `The saga ${plainText(id)} of ${plainText(consumer)} cannot be read: ${plainText(reason)}`,
    ),
  ];
  return lines.join('\n');
}

function none(hasOthers: boolean): string {
  return hasOthers ? 'No saga is as asked for.' : 'There are no sagas.';
}

const HEADING = ['saga', 'consumer', 'step', 'began (UTC)', 'last move (UTC)', 'by', 'time-out (UTC)'];

function row(saga: SagaSummary): readonly string[] {
  const { id, consumer, step, lastEvent, startedAt, updatedAt, endedAt, timeoutAt } = saga;
  return [
    plainText(id),
    plainText(consumer),
    endedAt === undefined ? plainText(step) : `${plainText(step)} (ended)`,
    formatTime(Date.parse(startedAt)),
    formatTime(Date.parse(updatedAt)),
    plainText(lastEvent),
    timeoutAt === undefined ? '-' : formatTime(Date.parse(timeoutAt)),
  ];
}
