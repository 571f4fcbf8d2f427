/// <reference lib="dom" />
import type { Problem, SagaSummary, ShownSagas } from '../../shapes.ts';
import { element } from '../element.ts';
import { formatSeconds, formatTime, plural } from '../format.ts';
import { query } from '../server.ts';
import { sagaView } from './saga-view.ts';
import type { View } from './view.ts';

/** The sagas of all consumers or of one; with an id, the steps of one. Read when it is opened, and when it is asked for. */
export function sagasView(consumer?: string, id?: string): View {
  return consumer !== undefined && id !== undefined ? sagaView(consumer, id) : listOf(consumer);
}

function listOf(chosen = ''): View {
  const consumer = choice('saga-consumer');
  const step = choice('saga-step');
  const isOpen = element('input', { type: 'checkbox', id: 'saga-open', checked: true });
  const note = element('p', { role: 'status', class: 'faint' }, 'Reading ...');
  const list = element('div', {});
  fill(consumer, { all: 'All', values: [], chosen });
  fill(step, { all: 'Any', values: [], chosen: '' });
  consumer.addEventListener('change', () => {
    step.value = '';
    void load();
  });
  for (const one of [step, isOpen]) one.addEventListener('change', () => void load());
  let asked = 0;
  void load();
  const form = element(
    'div',
    { class: 'row', role: 'group', 'aria-label': 'Which sagas' },
    element('div', {}, element('label', { for: consumer.id }, 'Consumer'), consumer),
    element('div', {}, element('label', { for: step.id }, 'Step'), step),
    element('label', { for: isOpen.id }, isOpen, ' Only those that run'),
    element('button', { type: 'button', onclick: () => void load() }, 'Read again'),
  );
  return { heading: 'Sagas', body: element('section', {}, form, note, list) };

  async function load(): Promise<void> {
    asked += 1;
    const mine = asked;
    const wanted = {
      ...(consumer.value && { consumer: consumer.value }),
      ...(step.value && { step: step.value }),
      open: isOpen.checked,
    };
    try {
      const sagas = await query<ShownSagas>('/api/sagas', wanted);
      // Of several answers, that to the last question counts.
      if (mine === asked) show(sagas);
    } catch (error) {
      // The list shows what was read before.
      if (mine === asked) note.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  function show(read: ShownSagas): void {
    const { sagas, counts, unreadable, problems, consumers } = read;
    fill(consumer, { all: 'All', values: consumers, chosen: consumer.value });
    fill(step, { all: 'Any', values: counts.map((one) => one.step), chosen: step.value });
    const bad = [
      ...problems.map(problemText),
      ...unreadable.map(
        ({ consumer: of, id, reason }) => `The saga ${id} of ${of} cannot be read: ${reason}`,
      ),
    ];
    note.textContent = summaryOf(read);
    list.replaceChildren(
      ...bad.map((text) => element('p', { class: 'notice bad' }, text)),
      countsOf(read),
      element('ul', { class: 'replays', 'aria-label': 'Sagas' }, ...sagas.map(item)),
    );
  }
}

function item(saga: SagaSummary): HTMLElement {
  const { consumer, id, step, lastEvent, startedAt, updatedAt, endedAt, timeoutAt } = saga;
  const parts = [
    `of ${consumer}`,
    `began ${formatTime(startedAt)}`,
    `moved ${formatTime(updatedAt)} by ${lastEvent}`,
    ...(timeoutAt === undefined ? [] : [`time-out ${formatTime(timeoutAt)}`]),
  ];
  const age = formatSeconds(Math.max(0, (Date.now() - Date.parse(startedAt)) / 1_000));
  return element(
    'li',
    { class: 'card' },
    element('a', { href: `#/sagas/${encodeURIComponent(consumer)}/${encodeURIComponent(id)}` }, id),
    ' ',
    element('b', {}, step),
    endedAt === undefined ? ` runs, ${age} old` : ` ended ${formatTime(endedAt)}`,
    element('div', { class: 'faint' }, parts.join(', ')),
  );
}

/** How many sagas are in each step, whatever is chosen of the step. */
function countsOf({ counts, consumers }: ShownSagas): HTMLElement {
  const texts = counts.map(({ consumer, step, isEnd, count }) => {
    const name = consumers.length > 1 ? `${consumer}: ${step}` : step;
    return element('li', {}, `${name}${isEnd ? ' (ended)' : ''} `, element('b', {}, count.toLocaleString()));
  });
  return element('ul', { class: 'counts', 'aria-label': 'Sagas by step' }, ...texts);
}

function summaryOf({ sagas, total, isWhole }: ShownSagas): string {
  const shown = total > sagas.length ? `The first ${sagas.length} of ${plural(total, 'saga')}.` : '';
  const cut = isWhole ? '' : ' There are more sagas than were read; older ones may be among them.';
  return `${shown || (total === 0 ? 'No saga is as asked for.' : `${plural(total, 'saga')}.`)}${cut} Read at ${formatTime(Date.now())}.`;
}

function problemText({ resource, name, reason }: Problem): string {
  return `The ${resource} ${name} cannot be read: ${reason}`;
}

function choice(id: string): HTMLSelectElement {
  return element('select', { id });
}

interface Choices {
  /** Text of the choice that chooses everything. */
  readonly all: string;
  readonly values: readonly string[];
  readonly chosen: string;
}

/** Fills a list. What is chosen stays, even when it is no longer among the values. */
function fill(select: HTMLSelectElement, { all, values, chosen }: Choices): void {
  const every = [...new Set([...values, ...(chosen === '' ? [] : [chosen])])];
  select.replaceChildren(
    element('option', { value: '' }, all),
    ...every.map((value) => element('option', { value }, value)),
  );
  select.value = chosen;
}
