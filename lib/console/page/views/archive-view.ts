/// <reference lib="dom" />
import type { ArchivedEvents, FoundEvent } from '../../shapes.ts';
import { element, table } from '../element.ts';
import { formatTime, plural } from '../format.ts';
import { query } from '../server.ts';
import { meta } from '../session.ts';
import { traceLink } from './events-view.ts';
import { openReplayDialog, type Search } from './replay-dialog.ts';
import { replayList } from './replay-list.ts';
import type { Live, View } from './view.ts';

const FIELDS = [
  { name: 'from', text: 'Arrived since', value: '1h', placeholder: '2h, or 2026-11-27T04:00Z' },
  { name: 'to', text: 'Arrived before', value: '', placeholder: 'now' },
  { name: 'type', text: 'Type', value: '', placeholder: 'shop.OrderPlaced' },
  { name: 'source', text: 'Source', value: '', placeholder: 'any' },
  { name: 'subject', text: 'Subject', value: '', placeholder: 'any' },
  { name: 'correlationId', text: 'Correlation id', value: '', placeholder: 'any' },
  { name: 'where', text: 'Filter policy', value: '', placeholder: '{"data":{"country":["DE"]}}' },
] as const;

/** A form that searches the archive. Each event can be opened whole, and what was found can be replayed. */
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
  );
  const replays = replayList();
  let consumers: readonly string[] = [];
  return { heading: 'Archive', body: element('section', {}, form, replays.body, result), update };

  function update(live: Live): void {
    consumers = (live.status?.consumers ?? []).map(({ label }) => label);
    replays.update(live);
  }

  async function search(event: Event): Promise<void> {
    event.preventDefault();
    send.disabled = true;
    result.replaceChildren(element('p', { class: 'faint' }, 'Searching ...'));
    try {
      const wanted: Search = Object.fromEntries(
        inputs.flatMap(({ name, value }) => (value.trim() ? [[name, value.trim()]] : [])),
      );
      show(await query<ArchivedEvents>('/api/archive', wanted), wanted);
    } catch (error) {
      // The message of the server says what is wrong. The form keeps what was typed.
      const text = error instanceof Error ? error.message : String(error);
      result.replaceChildren(element('pre', { class: 'notice bad', role: 'alert' }, text));
    } finally {
      send.disabled = false;
    }
  }

  function show({ events, unreadable, problems, from, to, ...sums }: ArchivedEvents, wanted: Search): void {
    const { from: _, to: __, ...search } = wanted;
    const replayFrom = (label: string, since: number): Node | string =>
      meta('read-only') === 'true'
        ? ''
        : element('button', { type: 'button', onclick: () => replay(since, to, search) }, label);
    const bad = [
      ...unreadable.map(({ key, reason }) => `${key} could not be read as a whole: ${reason}`),
      ...problems.map(({ resource, name, reason }) => `The ${resource} ${name} cannot be read: ${reason}`),
    ];
    result.replaceChildren(
      ...bad.map((text) => element('p', { class: 'notice bad' }, text)),
      element('p', {}, summaryOf(events.length, sums)),
      ...(events.length === 0 ? [] : [replayFrom('Replay these ...', from), tableOf(events, replayFrom)]),
    );
  }

  function replay(from: number, to: number, search: Search): void {
    openReplayDialog({
      ...{ from: new Date(from).toISOString(), to: new Date(to).toISOString() },
      ...{ search, consumers, onStarted: replays.started },
    });
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

type ReplayButton = (label: string, since: number) => Node | string;

function tableOf(events: readonly FoundEvent[], replayFrom: ReplayButton): HTMLElement {
  const rows = events.map((event) => row(event, replayFrom));
  return element(
    'div',
    { class: 'scroll' },
    table('Archived events', ['arrived', 'type', 'event', 'whole'], rows),
  );
}

function row(event: FoundEvent, replayFrom: ReplayButton): readonly (Node | string)[] {
  const whole = element(
    'details',
    {},
    element('summary', {}, event.subject || 'Show'),
    element('pre', {}, event.text),
    replayFrom('Replay from here ...', event.arrivedAt),
  );
  return [formatTime(event.arrivedAt), event.type, traceLink(event), whole];
}
