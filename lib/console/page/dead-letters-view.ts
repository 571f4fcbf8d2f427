/// <reference lib="dom" />
import type { DeadLetter } from '../shapes.ts';
import { askToConfirm, editLetter } from './dead-letter-dialogs.ts';
import { element, table } from './element.ts';
import { storyLink } from './events-view.ts';
import { formatTime, plural } from './format.ts';
import { change, changeWithData, query } from './server.ts';
import { meta } from './session.ts';
import type { Live, View } from './view.ts';

/** What a queue of dead letters holds, as far as it was read. */
interface DeadLetters {
  readonly letters: readonly DeadLetter[];
  /** There are more than these. */
  readonly more: boolean;
}

/** The dead letters of a consumer, grouped by their error; without a consumer, who has some. */
export function deadLettersView(consumer?: string): View {
  return consumer === undefined ? overview() : lettersOf(consumer);
}

function overview(): View {
  const body = element('section', {});
  let shown = '';
  return { heading: 'Dead letters', body, update };

  function update({ status }: Live): void {
    const rows = (status?.consumers ?? []).map(
      ({ name, dead, undelivered }) => [name, dead, undelivered] as const,
    );
    // Drawn anew only when a number has changed, so that the keyboard's focus stays where it is.
    if (JSON.stringify(rows) === shown) return;
    shown = JSON.stringify(rows);
    body.replaceChildren(
      table(
        'Dead letters by consumer',
        ['consumer', 'dead letters', 'undelivered'],
        rows.map(([name, dead, undelivered]) => [
          element('a', { href: `#/dead-letters/${name}` }, name),
          dead.toLocaleString(),
          undelivered.toLocaleString(),
        ]),
      ),
    );
  }
}

function lettersOf(consumer: string): View {
  const path = `/api/dead-letters/${encodeURIComponent(consumer)}`;
  const groups = element('div', {}, 'Reading ...');
  const note = element('p', { class: 'notice', role: 'status', hidden: true });
  const readOnly = meta('read-only') === 'true';
  const buttons = element(
    'div',
    { class: 'row' },
    element('button', { type: 'button', onclick: () => void load() }, 'Read again'),
    !readOnly &&
      element('button', { type: 'button', class: 'primary', onclick: () => void redrive() }, 'Redrive all'),
    !readOnly &&
      element('button', { type: 'button', class: 'danger', onclick: () => void purge() }, 'Purge ...'),
  );
  void load();
  return { heading: `Dead letters of ${consumer}`, body: element('section', {}, buttons, note, groups) };

  /** Letters that are being looked at are hidden from everybody: nothing else may begin meanwhile. */
  async function load(): Promise<void> {
    for (const button of buttons.querySelectorAll('button')) button.disabled = true;
    await attempt(async () => show(await query<DeadLetters>(path, {})));
    for (const button of buttons.querySelectorAll('button')) button.disabled = false;
  }

  function show({ letters, more }: DeadLetters): void {
    const byError = Map.groupBy(letters, ({ errorName }) => errorName);
    groups.replaceChildren(
      element(
        'p',
        { class: 'faint' },
        `${plural(letters.length, 'dead letter')}${more ? ' shown; there are more' : ''}.`,
      ),
      ...[...byError].map(([name, group]) => groupOf(name, group)),
    );
  }

  function groupOf(name: string, letters: readonly DeadLetter[]): HTMLElement {
    return element(
      'section',
      { class: 'scroll' },
      element('h2', {}, `${name} (${letters.length})`),
      !readOnly && element('button', { type: 'button', onclick: () => void redrive(name) }, 'Redrive these'),
      table('Dead letters with this error', ['last', 'event', 'reason', 'tries', ''], letters.map(row)),
    );
  }

  function row(letter: DeadLetter): readonly (Node | string)[] {
    const { eventId, source, type, messageId, errorMessage, attempts, lastAt } = letter;
    const event = eventId && source ? storyLink({ id: eventId, source }) : element('code', {}, messageId);
    return [
      formatTime(lastAt),
      element('div', {}, type ?? 'no event', element('br'), event),
      errorMessage,
      attempts?.toLocaleString() ?? '',
      element('button', { type: 'button', onclick: () => void look(letter) }, 'Look'),
    ];
  }

  async function look(letter: DeadLetter): Promise<void> {
    const data = await editLetter(letter, readOnly);
    if (data === undefined) return;
    await attempt(async () => {
      await changeWithData(`${path}/edit`, { messageId: letter.messageId }, data);
      say('Sent to its queue with the new data.');
    });
    await load();
  }

  async function redrive(errorName?: string): Promise<void> {
    await attempt(async () => {
      const { moved } = await change<{ readonly moved: number }>(`${path}/redrive`, { errorName });
      say(`${plural(moved, 'dead letter')} back in the queue.`);
    });
    await load();
  }

  async function purge(): Promise<void> {
    if (!(await askToConfirm(`Purge the dead letters of ${consumer}? They are written to a file first.`)))
      return;
    await attempt(async () => {
      const { purged, file } = await change<{ readonly purged: number; readonly file: string }>(
        `${path}/purge`,
        {},
      );
      say(`${plural(purged, 'dead letter')} purged; they are in ${file}.`);
    });
    await load();
  }

  function say(text: string, style = ''): void {
    note.hidden = false;
    note.className = `notice ${style}`;
    note.textContent = text;
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // What failed is said where one looks; what is in the queues is as the next reading shows it.
      say(error instanceof Error ? error.message : String(error), 'bad');
    }
  }
}
