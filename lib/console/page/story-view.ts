/// <reference lib="dom" />
import type { Handling, StoryEvent } from '../shapes.ts';
import { element } from './element.ts';
import { formatMilliseconds, formatTime } from './format.ts';
import { query } from './server.ts';
import type { View } from './view.ts';

/** Stories grow while one looks; this often the page asks again. */
const REFRESH_MS = 2_000;

/** The story of one event: what it caused at which consumer, and when, as a waterfall. */
export function storyView(id = '', source?: string): View {
  const body = element('section', {}, element('p', { class: 'faint' }, 'Looking ...'));
  void refresh();
  return { heading: 'Story', body };

  async function refresh(): Promise<void> {
    try {
      show(await query<readonly StoryEvent[]>('/api/story', { id, ...(source && { source }) }));
    } catch (error) {
      // What the server says belongs to the reader, who may look for something else.
      body.replaceChildren(element('p', { class: 'notice bad', role: 'alert' }, messageOf(error)));
      return;
    }
    setTimeout(() => body.isConnected && refresh(), REFRESH_MS);
  }

  function show(roots: readonly StoryEvent[]): void {
    const rows = roots.flatMap((root) => rowsOf(root, 0));
    const times = rows.flatMap(({ from, to }) => [from, to]).filter((time) => time !== undefined);
    const span = { from: Math.min(...times), to: Math.max(...times) };
    const shown = element('ol', { class: 'story' }, ...rows.map((row) => item(row, span)));
    const length = formatMilliseconds(span.to - span.from);
    body.replaceChildren(
      rows.length === 0
        ? element(
            'p',
            { class: 'notice' },
            `Nobody has handled an event ${id} yet, as far as records go back.`,
          )
        : element('p', {}, `Began at ${formatTime(span.from)} and took ${length}.`),
      shown,
    );
  }
}

/** One line of the waterfall. */
interface Row {
  readonly depth: number;
  readonly title: string;
  readonly detail: string;
  readonly style: string;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

function rowsOf(event: StoryEvent, depth: number): Row[] {
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
  const { consumer, status, startedAt, endedAt, attempts = 1, error, emitted } = handling;
  const took =
    startedAt !== undefined && endedAt !== undefined ? `, ${formatMilliseconds(endedAt - startedAt)}` : '';
  const tries = attempts > 1 ? `, attempt ${attempts}` : '';
  return [
    {
      depth,
      title: consumer,
      detail: `${status.toLowerCase()}${took}${tries}${error ? `: ${error}` : ''}`,
      style: STYLES[status] ?? 'warn',
      from: startedAt,
      to: endedAt ?? startedAt,
    },
    ...emitted.flatMap((event) => rowsOf(event, depth + 1)),
  ];
}

const STYLES: Readonly<Record<string, string>> = { COMPLETED: 'good', COMMITTED: 'good', FAILED: 'bad' };

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
