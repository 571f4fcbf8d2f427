/// <reference lib="dom" />
import type { ScheduledEvent, ShownScheduled } from '../../shapes.ts';
import { element } from '../element.ts';
import { formatTime } from '../format.ts';
import { change, query } from '../server.ts';
import { meta } from '../session.ts';
import { askToConfirm } from './dialog.ts';
import type { View } from './view.ts';

/** Events that come later, soonest first, and those that come again and again. Read when it is opened and when it is asked for. */
export function scheduledView(): View {
  const note = element('p', { role: 'status' });
  const list = element('div', {});
  const refresh = element('button', { type: 'button', onclick: () => void load() }, 'Read again');
  void load();
  return { heading: 'Scheduled', body: element('section', {}, introduction(), refresh, note, list) };

  async function load(): Promise<void> {
    try {
      show(await query<ShownScheduled>('/api/scheduled', {}));
    } catch (error) {
      // The list shows what was read before.
      note.textContent = messageOf(error);
    }
  }

  function show(scheduled: ShownScheduled): void {
    const { events, unreadable } = scheduled;
    const bad = unreadable.map(({ name, reason }) =>
      element('p', { class: 'notice bad' }, `The schedule ${name} holds no event: ${reason}`),
    );
    const items = events.map((event) => item(event, cancel));
    const all = events.length === 0 ? none() : element('ul', { class: 'replays' }, ...items);
    list.replaceChildren(element('p', { class: 'faint' }, describe(scheduled)), ...bad, all);
  }

  async function cancel({ name, type, id }: ScheduledEvent): Promise<void> {
    const question = `Cancel ${type} ${id}? It is not delivered then.`;
    if (!(await askToConfirm(question, 'Cancel the event'))) return;
    try {
      await change('/api/scheduled/cancel', { name });
      note.textContent = `${type} ${id} is cancelled.`;
      await load();
    } catch (error) {
      // It may have been delivered meanwhile; the reason says so.
      note.textContent = messageOf(error);
    }
  }
}

function item(event: ScheduledEvent, cancel: (event: ScheduledEvent) => Promise<void>): HTMLElement {
  const { type, id, source, key, deliverAt, expression, timezone, isEnabled } = event;
  const when = expression === undefined ? formatTime(deliverAt) : `${expression} ${timezone}`;
  const parts = [
    `from ${source}`,
    ...(id === undefined ? [] : [`id ${id}`]),
    ...(key === undefined ? [] : [`key ${key}`]),
  ];
  const isCancellable = id !== undefined && meta('read-only') !== 'true';
  return element(
    'li',
    { class: 'card' },
    element('div', {}, element('b', {}, type), ` ${isEnabled ? when : `off: ${when}`}`),
    element(
      'div',
      { class: 'row' },
      element('span', { class: 'faint' }, parts.join(', ')),
      isCancellable &&
        element(
          'button',
          {
            type: 'button',
            class: 'danger',
            'aria-label': `Cancel ${type} ${id}`,
            onclick: () => void cancel(event),
          },
          'Cancel ...',
        ),
    ),
  );
}

function describe({ events, total, waiting, isWhole }: ShownScheduled): string {
  return [
    total > events.length ? `The first ${events.length} of ${total}.` : `${total} in schedules.`,
    ...(isWhole ? [] : ['There are more schedules than were read; those may be due sooner.']),
    `${waiting} in the queue of what is due within 15 minutes.`,
  ].join(' ');
}

function none(): HTMLElement {
  return element('p', { class: 'faint' }, 'No event is kept for later.');
}

function introduction(): HTMLElement {
  return element(
    'p',
    { class: 'faint' },
    'Events that come later, and those that come again and again. What is due within 15 minutes waits in a queue, and is only counted.',
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
