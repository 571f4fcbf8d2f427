/// <reference lib="dom" />
import { element, table } from '../element.ts';
import { formatTime } from '../format.ts';
import type { SeenEvent } from '../rates.ts';
import type { Live, View } from './view.ts';

const SHOWN = 100;

/** New events of the topic, the newest first. They can be paused for reading. */
export function eventsView(): View {
  let paused = false;
  let latest: readonly SeenEvent[] = [];
  const list = element('div', { class: 'scroll' });
  const filter = element('input', {
    'aria-label': 'Only events that contain',
    placeholder: 'Only events that contain ...',
    oninput: () => show(),
  });
  const pause = element('button', { type: 'button', onclick: () => toggle() }, 'Pause');
  const body = element('section', {}, element('div', { class: 'row' }, filter, pause), list);
  return { heading: 'Events', body, update };

  function toggle(): void {
    paused = !paused;
    pause.textContent = paused ? 'Continue' : 'Pause';
  }

  function update({ events }: Live): void {
    if (paused) return;
    latest = events;
    show();
  }

  function show(): void {
    const wanted = latest.filter(({ text }) => text.includes(filter.value)).slice(0, SHOWN);
    const nothing = element('p', { class: 'faint' }, 'No event was published since this page was opened.');
    list.replaceChildren(
      wanted.length === 0 ? nothing : table('Published events', ['time', 'type', 'event'], wanted.map(row)),
    );
  }
}

function row(event: SeenEvent): readonly (Node | string)[] {
  return [formatTime(event.seenAt), event.type, traceLink(event)];
}

/** A link to the trace of an event. */
export function traceLink({
  id,
  source,
}: {
  readonly id: string;
  readonly source: string;
}): HTMLAnchorElement {
  return element(
    'a',
    { class: 'mono', href: `#/trace/${encodeURIComponent(id)}/${encodeURIComponent(source)}` },
    id,
  );
}
