/// <reference lib="dom" />
import { element } from '../element.ts';
import { change, read } from '../server.ts';
import type { Live, View } from './view.ts';

/** A fault that is on. */
interface Fault {
  readonly target: string;
  readonly kind: string;
}

const KINDS: readonly (readonly [string, string])[] = [
  ['fail', 'Fail'],
  ['slow', 'Slow down'],
  ['crash', 'Crash'],
  ['timeout', 'Time out'],
  ['duplicate', 'Deliver twice'],
];

/** The page that turns faults on and off. */
export function faultsView(): View {
  const list = element('div', {});
  const note = element('p', { role: 'status' });
  let faults: readonly Fault[] = [];
  let consumers: readonly string[] = [];
  void load();
  return { heading: 'Faults', body: element('section', {}, introduction(), note, list), update };

  function update({ status }: Live): void {
    const names = (status?.consumers ?? []).map(({ label }) => label);
    if (names.join() === consumers.join()) return;
    consumers = names;
    show();
  }

  async function load(): Promise<void> {
    await attempt(async () => {
      faults = await read<readonly Fault[]>('/api/faults');
    });
    show();
  }

  function show(): void {
    list.replaceChildren(...consumers.map(row));
  }

  function row(consumer: string): HTMLElement {
    const on = faults.find(({ target }) => target === consumer)?.kind;
    return element(
      'div',
      { class: 'row', role: 'group', 'aria-label': consumer },
      element('b', {}, consumer),
      ...KINDS.map(([kind, label]) =>
        element(
          'button',
          {
            type: 'button',
            class: on === kind ? 'danger' : '',
            'aria-pressed': String(on === kind),
            onclick: () => void set(consumer, on === kind ? undefined : kind),
          },
          label,
        ),
      ),
      on !== undefined &&
        element(
          'button',
          { type: 'button', class: 'primary', onclick: () => void set(consumer, undefined) },
          'Repair',
        ),
    );
  }

  async function set(target: string, kind: string | undefined): Promise<void> {
    await attempt(async () => {
      await change('/api/faults', { target, kind });
      note.textContent = kind === undefined ? `${target} is repaired.` : `${target} is broken: ${kind}.`;
    });
    await load();
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // The error is shown above the buttons. The buttons still show which fault is on.
      note.textContent = error instanceof Error ? error.message : String(error);
    }
  }
}

function introduction(): HTMLElement {
  return element(
    'p',
    { class: 'faint' },
    'Break a consumer on purpose, and see that the others are not affected. A fault stays on until you repair it.',
  );
}
