/// <reference lib="dom" />
import type { PlannedReplay, ShownReplay } from '../../shapes.ts';
import { element } from '../element.ts';
import { formatSeconds, formatTime, plural } from '../format.ts';
import { change, query } from '../server.ts';
import { openDialog, showDialog } from './dialog.ts';

/** Fields of a search that a replay keeps: those that choose events. */
export type Search = Readonly<Record<string, string>>;

/** What a replay begins with. */
export interface ReplayStart {
  /** ISO times. */
  readonly from: string;
  readonly to: string;
  readonly search: Search;
  /** Labels of those who can get the events. */
  readonly consumers: readonly string[];
  /** Called when the replay has started. */
  readonly onStarted: (replay: ShownReplay) => void;
}

const RATE = '100';
const AGAIN =
  'The consumer acts again on every event, also on those that it has acted on: mail is sent again, money is charged again. What it emits is new, so the consumers behind it act again too.';

/** A form for a replay. Its plan is shown, and has to be confirmed, before anything is sent. */
export function openReplayDialog({ from, to, search, consumers, onStarted }: ReplayStart): void {
  const consumer = element(
    'select',
    { id: 'replay-consumer' },
    ...consumers.map((label) => element('option', { value: label }, label)),
  );
  const mode = modeField();
  const rate = element('input', {
    ...{ id: 'replay-rate', type: 'number', min: '1', step: '1', value: RATE, required: true },
  });
  const since = element('input', { id: 'replay-from', value: from, size: '26', spellcheck: 'false' });
  const before = element('input', { id: 'replay-to', value: to, size: '26', spellcheck: 'false' });
  const result = element('div', { role: 'status' });
  const send = element('button', { class: 'primary', type: 'submit' }, 'Show the plan');
  const close = element('button', { type: 'button', onclick: () => dialog.close() }, 'Close');
  const form = element(
    'form',
    { onsubmit: submit },
    labelled('replay-consumer', 'Consumer: nobody else gets the events', consumer),
    mode.field,
    element(
      'div',
      { class: 'row' },
      labelled('replay-from', 'Arrived since', since),
      labelled('replay-to', 'Arrived before', before),
      labelled('replay-rate', 'Events a second', rate),
    ),
    element('p', { class: 'faint' }, describeSearch(search)),
    result,
    element('div', { class: 'row' }, close, send),
  );
  const dialog = openDialog('Replay', [form]);

  async function submit(event: Event): Promise<void> {
    event.preventDefault();
    send.disabled = true;
    result.replaceChildren(element('p', { class: 'faint' }, 'Planning ...'));
    try {
      const asked = {
        ...search,
        ...{ from: since.value, to: before.value, consumer: consumer.value },
        ...{ mode: mode.value(), rate: Number(rate.value) },
      };
      const planned = await query<PlannedReplay>('/api/replays/plan', asked);
      result.replaceChildren();
      // The dialog can be closed while it is planned.
      if (!dialog.open || !(await confirmPlan(planned))) return;
      onStarted(await change<ShownReplay>('/api/replays/start', { ...asked, ...fixedBy(planned) }));
      dialog.close();
    } catch (error) {
      // The message of the server says why. The form keeps what was typed.
      const text = error instanceof Error ? error.message : String(error);
      result.replaceChildren(element('pre', { class: 'notice bad', role: 'alert' }, text));
    } finally {
      send.disabled = false;
    }
  }
}

/** What was shown is what is started: also if the form says how long ago. */
function fixedBy({ id, from, to }: PlannedReplay): object {
  return { id, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

function modeField(): { readonly field: HTMLElement; value(): 'fill' | 'again' } {
  const warning = element('p', { class: 'notice bad', role: 'alert', hidden: true }, AGAIN);
  const choose = (): void => {
    warning.hidden = !again.checked;
  };
  const radio = (value: string, checked: boolean): HTMLInputElement =>
    element('input', { type: 'radio', name: 'replay-mode', value, checked, onchange: choose });
  const [fill, again] = [radio('fill', true), radio('again', false)];
  const field = element(
    'fieldset',
    {},
    element('legend', {}, 'What the consumer does'),
    element('label', {}, fill, ' Fill: it acts on what it has missed, and on nothing twice'),
    element('label', {}, again, ' Again: it acts on every event again'),
    warning,
  );
  return { field, value: () => (again.checked ? 'again' : 'fill') };
}

async function confirmPlan(planned: PlannedReplay): Promise<boolean> {
  const isAgain = planned.mode === 'again';
  const answer = await showDialog(
    `Replay to ${planned.consumer}?`,
    [
      ...describePlan(planned).map((text) => element('p', {}, text)),
      ...(isAgain ? [element('p', { class: 'notice bad', role: 'alert' }, AGAIN)] : []),
    ],
    [
      { label: 'Back', value: '' },
      isAgain
        ? { label: 'Act on all of it again', value: 'start', class: 'danger' }
        : { label: 'Start the replay', value: 'start', class: 'primary' },
    ],
  );
  return answer === 'start';
}

function describePlan(planned: PlannedReplay): readonly string[] {
  const { consumer, types, from, to, events, objects, rate, minutes, dollars } = planned;
  return [
    `${types.join(', ') || 'All events'} that arrived from ${formatTime(from)} to ${formatTime(to)}.`,
    `${plural(events, 'event')} in ${plural(objects, 'object')}; at most so many are sent.`,
    `At ${rate.toLocaleString()} a second it takes ${formatSeconds(minutes * 60)}, and costs about ${dollars.toFixed(2)} dollars, without what ${consumer} itself does.`,
  ];
}

const NAMES: Search = {
  type: 'type',
  source: 'source',
  subject: 'subject',
  correlationId: 'correlation id',
  where: 'filter policy',
};

function describeSearch(search: Search): string {
  const conditions = Object.entries(search).map(([name, value]) => `${NAMES[name] ?? name} ${value}`);
  const what = conditions.length === 0 ? 'All events' : `Only events with ${conditions.join(', ')}`;
  return `${what}, as searched for; of these, what the consumer is subscribed to.`;
}

function labelled(id: string, text: string, field: HTMLElement): HTMLElement {
  return element('div', {}, element('label', { for: id }, text), field);
}
