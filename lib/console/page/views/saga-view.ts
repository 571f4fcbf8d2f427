/// <reference lib="dom" />
import type { SagaStep, ShownSaga, ShownTimeout } from '../../shapes.ts';
import { element } from '../element.ts';
import { formatMilliseconds, formatTime } from '../format.ts';
import { query } from '../server.ts';
import type { View } from './view.ts';

/** A second has this gap in the drawing, and each ten times of it as much more. */
const GAP_REM = 0.6;
const MAX_GAP_REM = 5;

/** The steps of one saga over time, from its beginning downwards, with the time between them. */
export function sagaView(consumer: string, id: string): View {
  const note = element('p', { role: 'status', class: 'faint' }, 'Reading ...');
  const content = element('div', {});
  const buttons = element(
    'div',
    { class: 'row' },
    element('a', { href: `#/sagas/${encodeURIComponent(consumer)}` }, `All sagas of ${consumer}`),
    element('button', { type: 'button', onclick: () => void load() }, 'Read again'),
  );
  void load();
  return { heading: `Saga ${id}`, body: element('section', {}, buttons, note, content) };

  async function load(): Promise<void> {
    try {
      show(await query<ShownSaga>('/api/sagas/show', { consumer, id }));
      note.textContent = `Read at ${formatTime(Date.now())}.`;
    } catch (error) {
      // What was read before stays, and the reason says that it is not new.
      note.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  function show(saga: ShownSaga): void {
    const { steps, isWhole, undo, data, correlationId } = saga;
    content.replaceChildren(
      isWhole ? '' : element('p', { class: 'notice' }, 'Only the last moves are kept; it had others before.'),
      element(
        'ol',
        { class: 'timeline', 'aria-label': 'Steps' },
        ...steps.map(stepItem),
        ...ahead(saga, Date.now()),
      ),
      element('h2', {}, 'What undoes it'),
      undo.length === 0
        ? element('p', { class: 'faint' }, 'Nothing is registered.')
        : element('ol', {}, ...undo.map((one) => element('li', {}, one.event, pre(one.data)))),
      element('h2', {}, 'Data'),
      pre(data),
      element('a', { href: `#/trace/${encodeURIComponent(correlationId)}` }, 'Trace all that has happened'),
    );
  }
}

function stepItem({ at, afterMilliseconds, event, from, to }: SagaStep): HTMLLIElement {
  const later =
    afterMilliseconds !== undefined &&
    element('span', { class: 'later' }, `${formatMilliseconds(afterMilliseconds)} later`);
  const made = element(
    'li',
    {},
    later,
    element(
      'div',
      { class: 'move' },
      element('b', {}, to),
      from === undefined ? '' : ` from ${from}`,
      element('div', { class: 'faint' }, `${formatTime(at)} by ${event}`),
    ),
  );
  made.style.paddingTop = gapOf(afterMilliseconds ?? 0);
  return made;
}

/** What comes next: that it has ended, or how long it waits and which time-outs end that. */
function ahead(
  { step, updatedAt, endedAt, expiresAt, timeouts }: ShownSaga,
  now: number,
): readonly HTMLElement[] {
  const timed = timeouts.map((one) => timeoutItem(one, now));
  if (endedAt === undefined) {
    // On this machine, its clock may be ahead of the browser's.
    const waits = formatMilliseconds(Math.max(0, now - Date.parse(updatedAt)));
    return [marked('open', `It runs: in ${step}, last moved ${waits} ago.`), ...timed];
  }
  const removal = expiresAt === undefined ? '' : ` It is removed after ${formatTime(expiresAt)}.`;
  return [marked('ended', `It has ended as ${step}, ${formatTime(endedAt)}.${removal}`), ...timed];
}

function timeoutItem({ event, at }: ShownTimeout, now: number): HTMLElement {
  const left = Date.parse(at) - now;
  const when = left > 0 ? `in ${formatMilliseconds(left)}` : `was due ${formatMilliseconds(-left)} ago`;
  return marked('open', `Time-out ${event}, ${formatTime(at)}: ${when}.`);
}

function marked(style: 'open' | 'ended', text: string): HTMLLIElement {
  return element('li', {}, element('div', { class: `move ${style}` }, text));
}

/** Time is drawn as the logarithm of itself: a saga has moves within milliseconds, and others after days. */
function gapOf(milliseconds: number): string {
  return `${Math.min(MAX_GAP_REM, GAP_REM * Math.log10(1 + Math.max(0, milliseconds) / 100))}rem`;
}

function pre(data: unknown): HTMLElement {
  return element('pre', {}, JSON.stringify(data, null, 2));
}
