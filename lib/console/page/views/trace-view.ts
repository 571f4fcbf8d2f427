/// <reference lib="dom" />
import type { Attempt, Handling, HandlingStatus, Problem, Trace, TracedEvent } from '../../shapes.ts';
import { element } from '../element.ts';
import { formatMilliseconds, formatTime } from '../format.ts';
import { query } from '../server.ts';
import type { View } from './view.ts';

/** Interval at which the trace is read again, because it can grow. */
const REFRESH_MS = 2_000;

/** The trace of one event, as a waterfall: the consumers that handled it and the events that it caused, with times. */
export function traceView(id = '', source?: string): View {
  const body = element('section', {}, element('p', { class: 'faint' }, 'Reading ...'));
  void refresh();
  return { heading: 'Trace', body };

  async function refresh(): Promise<void> {
    try {
      show(await query<Trace>('/api/trace', { id, ...(source && { source }) }));
    } catch (error) {
      // The message of the server is shown. It is tried again.
      body.replaceChildren(element('p', { class: 'notice bad', role: 'alert' }, messageOf(error)));
    }
    setTimeout(() => body.isConnected && refresh(), REFRESH_MS);
  }

  function show({ events, problems }: Trace): void {
    const rows = events.flatMap((root) => rowsOf(root, 0));
    const times = rows.flatMap(({ from, to }) => [from, to]).filter((time) => time !== undefined);
    const span = { from: Math.min(...times), to: Math.max(...times) };
    const shown = element('ol', { class: 'trace' }, ...rows.map((row) => item(row, span)));
    const length = formatMilliseconds(span.to - span.from);
    body.replaceChildren(
      ...problems.map(problemNotice),
      rows.length === 0
        ? element(
            'p',
            { class: 'notice' },
            `No consumer has a record of an event ${id} yet. Older records are deleted.`,
          )
        : element('p', {}, `Began at ${formatTime(span.from)} and took ${length}.`),
      shown,
    );
  }
}

function problemNotice({ resource, name, reason }: Problem): HTMLElement {
  const text = `The ${resource} ${name} cannot be read, so the trace may be incomplete: ${reason}`;
  return element('p', { class: 'notice bad' }, text);
}

/** A line of the waterfall. */
interface Row {
  readonly depth: number;
  readonly title: string;
  readonly detail: string;
  readonly style: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

function rowsOf(event: TracedEvent, depth: number): Row[] {
  const published = {
    depth,
    title: event.type,
    detail: `${event.id} of ${event.source}`,
    style: '',
    from: event.at,
    to: event.at,
  };
  return [published, ...event.handlings.flatMap((handling) => handlingRows(handling, depth + 1))];
}

function handlingRows(handling: Handling, depth: number): Row[] {
  const { consumer, status, since, startedAt, endedAt, attempts = 1, error, emitted, history } = handling;
  const length =
    startedAt !== undefined && endedAt !== undefined ? formatMilliseconds(endedAt - startedAt) : undefined;
  const took =
    length === undefined ? '' : `, ${handling.endsWithCommit ? `commit sent after ${length}` : length}`;
  const tries = attempts > 1 ? `, attempt ${attempts}` : '';
  return [
    {
      depth,
      title: consumer,
      detail: `${status}${since === undefined ? '' : ` since ${formatTime(since)}`}${took}${tries}${error ? `: ${error}` : ''}`,
      style: STYLES[status] ?? 'warn',
      from: startedAt,
      to: endedAt ?? startedAt,
    },
    ...(history.length > 1 ? history.map((attempt) => attemptRow(attempt, handling, depth + 1)) : []),
    ...emitted.flatMap((event) => rowsOf(event, depth + 1)),
  ];
}

function attemptRow(
  { attempt, startedAt, endedAt, reason }: Attempt,
  { status }: Handling,
  depth: number,
): Row {
  const took = endedAt === undefined ? '' : `, ${formatMilliseconds(endedAt - startedAt)}`;
  return {
    depth,
    title: attempt === 0 ? 'not counted' : `attempt ${attempt}`,
    detail: `${formatTime(startedAt)}${took}: ${reason ?? status}`,
    style: reason === undefined ? (STYLES[status] ?? 'warn') : 'bad',
    from: startedAt,
    to: endedAt ?? startedAt,
  };
}

const STYLES: Readonly<Partial<Record<HandlingStatus, string>>> = {
  completed: 'good',
  committed: 'good',
  dead: 'bad',
  died: 'bad',
  gone: 'bad',
  purged: 'bad',
};

function item(row: Row, span: { readonly from: number; readonly to: number }): HTMLLIElement {
  const title = element(
    'div',
    {},
    element('b', {}, row.title),
    ' ',
    element('span', { class: 'faint' }, row.detail),
  );
  title.style.paddingLeft = `${row.depth}rem`;
  const track = element('div', { class: 'track' });
  if (row.from !== undefined && row.to !== undefined) {
    const bar = element('div', { class: `bar ${row.style}` });
    const length = Math.max(1, span.to - span.from);
    bar.style.left = `${((row.from - span.from) / length) * 98}%`;
    bar.style.width = `${((row.to - row.from) / length) * 98}%`;
    track.append(bar);
    track.title = `${formatTime(row.from)} to ${formatTime(row.to)}`;
  }
  return element('li', {}, title, track);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
