/// <reference lib="dom" />
import type { ArchivedEvents, FoundEvent } from '../../shapes.ts';
import { element, table } from '../element.ts';
import { formatTime, plural } from '../format.ts';
import { query } from '../server.ts';
import { traceLink } from './events-view.ts';
import type { View } from './view.ts';

const FIELDS = [
  { name: 'from', text: 'Arrived since', value: '1h', placeholder: '2h, or 2026-11-27T04:00Z' },
  { name: 'to', text: 'Arrived before', value: '', placeholder: 'now' },
  { name: 'type', text: 'Type', value: '', placeholder: 'shop.OrderPlaced' },
  { name: 'source', text: 'Source', value: '', placeholder: 'any' },
  { name: 'subject', text: 'Subject', value: '', placeholder: 'any' },
  { name: 'correlationId', text: 'Correlation id', value: '', placeholder: 'any' },
  { name: 'where', text: 'Filter policy', value: '', placeholder: '{"data":{"country":["DE"]}}' },
] as const;

/** A form that searches the archive. Each event can be opened whole. */
export function archiveView(): View {
  const inputs = FIELDS.map(({ name, value, placeholder }) =>
    element('input', { id: `archive-${name}`, name, value, placeholder, size: '24', spellcheck: 'false' }),
  );
  const send = element('button', { class: 'primary', type: 'submit' }, 'Search');
  const result = element('div', { role: 'status' });
  const labelled = FIELDS.map(({ name, text }, index) =>
    element('div', {}, element('label', { for: `archive-${name}` }, text), inputs[index]),
  );
  const form = element(
    'form',
    { onsubmit: search },
    element('div', { class: 'row' }, ...labelled),
    element('div', { class: 'row' }, send),
    result,
  );
  return { heading: 'Archive', body: form };

  async function search(event: Event): Promise<void> {
    event.preventDefault();
    send.disabled = true;
    result.replaceChildren(element('p', { class: 'faint' }, 'Searching ...'));
    try {
      const wanted = inputs.flatMap(({ name, value }) => (value.trim() ? [[name, value.trim()]] : []));
      show(await query<ArchivedEvents>('/api/archive', Object.fromEntries(wanted)));
    } catch (error) {
      // The message of the server says what is wrong. The form keeps what was typed.
      const text = error instanceof Error ? error.message : String(error);
      result.replaceChildren(element('pre', { class: 'notice bad', role: 'alert' }, text));
    } finally {
      send.disabled = false;
    }
  }

  function show({ events, unreadable, problems, ...sums }: ArchivedEvents): void {
    const bad = [
      ...unreadable.map(({ key, reason }) => `${key} could not be read as a whole: ${reason}`),
      ...problems.map(({ resource, name, reason }) => `The ${resource} ${name} cannot be read: ${reason}`),
    ];
    result.replaceChildren(
      ...bad.map((text) => element('p', { class: 'notice bad' }, text)),
      element('p', {}, summaryOf(events.length, sums)),
      events.length === 0
        ? ''
        : element(
            'div',
            { class: 'scroll' },
            table('Archived events', ['arrived', 'type', 'event', 'whole'], events.map(row)),
          ),
    );
  }
}

type Sums = Pick<ArchivedEvents, 'more' | 'repeated' | 'watermark' | 'missing'>;

function summaryOf(count: number, { more, repeated, watermark, missing }: Sums): string {
  const left = repeated > 0 ? `, ${plural(repeated, 'message')} left out that came before` : '';
  const cut = more ? '; there may be more: choose a smaller range, or use the command line' : '';
  const complete =
    watermark === null
      ? 'Up to when the archive is complete is not known.'
      : `The archive is complete up to ${formatTime(watermark)}.`;
  const lost = missing ? ` ${plural(missing, 'message')} could not be archived.` : '';
  return `${plural(count, 'event')}${left}${cut}. ${complete}${lost}`;
}

function row(event: FoundEvent): readonly (Node | string)[] {
  const whole = element(
    'details',
    {},
    element('summary', {}, event.subject || 'Show'),
    element('pre', {}, event.text),
  );
  return [formatTime(event.arrivedAt), event.type, traceLink(event), whole];
}
