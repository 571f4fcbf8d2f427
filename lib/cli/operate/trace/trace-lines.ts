import { styleText } from 'node:util';
import type { Attempt, Handling, HandlingStatus, TracedEvent } from '../../../ops/trace/traced-event.ts';
import { formatDuration, formatTime } from '../../terminal/format-time.ts';
import { plainText, shortened } from '../../terminal/plain-text.ts';
import { MIN_CELL } from '../../terminal/table.ts';

const COLOURS: Readonly<Partial<Record<HandlingStatus, 'green' | 'red'>>> = {
  completed: 'green',
  committed: 'green',
  dead: 'red',
  died: 'red',
  gone: 'red',
  purged: 'red',
};

const MEANINGS: Readonly<Partial<Record<HandlingStatus, string>>> = {
  unseen: 'has no record: it waits, is in flight, was filtered out by its data, or the process died at once',
  died: 'its process died or timed out; the message is delivered again',
  dead: 'in the dead-letter queue',
  gone: 'no longer in the dead-letter queue: purged, redriven or expired',
  committed: 'its emitted events are not published yet',
};

/** How a trace is shown. */
interface Layout {
  readonly indent: string;
  /** In characters; the reasons of attempts are cut to fit. */
  readonly width: number;
}

const UNLIMITED: Layout = { indent: '', width: Number.POSITIVE_INFINITY };

/** A trace as a tree: each event, below it its consumers, and below each consumer the events that it emitted. */
export function traceLines(event: TracedEvent, layout: Layout = UNLIMITED): readonly string[] {
  const { id, source, type, at, handlings, archivedAt, caused = [] } = event;
  const { indent } = layout;
  const when = at === undefined ? '' : `  ${formatTime(at)}`;
  return [
    `${indent}${styleText('bold', plainText(type))}  ${plainText(`${id} of ${source}`)}${when}`,
    ...(archivedAt === undefined
      ? []
      : [
          `${indent}  └ of the archive, where it arrived ${formatTime(archivedAt)}; no consumer has a record of it`,
        ]),
    ...handlings.flatMap((handling) => handlingLines(handling, { ...layout, indent: `${indent}  ` })),
    ...caused.flatMap((one) => traceLines(one, { ...layout, indent: `${indent}      ` })),
  ];
}

function handlingLines(handling: Handling, layout: Layout): readonly string[] {
  const { indent } = layout;
  const within = { ...layout, indent: `${indent}    ` };
  const { consumer, status, since, startedAt, endedAt, attempts = 1, error, history, emitted } = handling;
  const { redriveRunsSince, replay } = handling;
  const facts = [
    `${styleText(COLOURS[status] ?? 'yellow', status)}${tookText(handling)}`,
    MEANINGS[status] ?? '',
    replay ? `replay ${plainText(replay.id)}, ${replay.mode}` : '',
    redriveRunsSince === undefined ? '' : `a redrive of all runs since ${formatTime(redriveRunsSince)}`,
    formatTime(since ?? startedAt ?? endedAt),
    attempts > 1 ? `attempt ${attempts}` : '',
    error ? plainText(error) : '',
  ];
  return [
    `${indent}└ ${consumer}: ${facts.filter(Boolean).join(', ')}`,
    ...(history.length > 1 || (status !== 'retrying' && history.some(({ reason }) => reason))
      ? history.map((attempt) => attemptLine(attempt, handling, within))
      : []),
    ...emitted.flatMap((event) => traceLines(event, within)),
  ];
}

function tookText({ status, startedAt, endedAt, endsWithCommit }: Handling): string {
  if (startedAt === undefined || endedAt === undefined || status === 'waiting') return '';
  const took = formatDuration(Math.max(0, endedAt - startedAt));
  return endsWithCommit ? `, commit sent after ${took}` : ` in ${took}`;
}

function attemptLine(one: Attempt, handling: Handling, { indent, width }: Layout): string {
  const { attempt, startedAt, endedAt } = one;
  const number = attempt === 0 ? 'not counted' : `attempt ${attempt}`;
  const took = endedAt === undefined ? '' : ` in ${formatDuration(endedAt - startedAt)}`;
  const when = `${indent}${formatTime(startedAt)}  ${number}${took}: `;
  return `${when}${shortened(plainText(reasonOf(one, handling)), Math.max(MIN_CELL, width - when.length))}`;
}

/** The record keeps the beginning of each reason, and the whole error of the last attempt. */
function reasonOf(one: Attempt, { status, error, history }: Handling): string {
  const { reason } = one;
  if (reason === undefined) return status;
  return one === history.at(-1) && error?.startsWith(reason) ? error : reason;
}
