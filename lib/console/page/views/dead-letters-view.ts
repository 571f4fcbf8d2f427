/// <reference lib="dom" />
import type { DeadLetter, Look } from '../../shapes.ts';
import { element, table } from '../element.ts';
import { formatCount, formatTime, plural } from '../format.ts';
import { change, changeWithData, query } from '../server.ts';
import { meta } from '../session.ts';
import { openDeadLetter } from './dead-letter-dialogs.ts';
import { askToConfirm } from './dialog.ts';
import { traceLink } from './events-view.ts';
import type { Live, View } from './view.ts';

/** The dead letters of a queue that were read. */
interface DeadLetters {
  readonly deadLetters: readonly DeadLetter[];
  /** Whether there are more. */
  readonly more: boolean;
  readonly look: Look;
}

/** What a purge has done. */
interface Purged {
  readonly purged: number;
  /** @default - nothing was deleted */
  readonly file?: string;
  /** Letters that were not there any more, or could not be read. */
  readonly missing: number;
  /** Letters that SQS has not deleted. They are in the file all the same. */
  readonly refused: number;
}

/** The dead letters of a consumer, grouped by error; without a consumer, the numbers of dead letters of all consumers. */
export function deadLettersView(consumer?: string): View {
  return consumer === undefined ? overview() : deadLettersOf(consumer);
}

function overview(): View {
  const body = element('section', {});
  let shown = '';
  return { heading: 'Dead letters', body, update };

  function update({ status }: Live): void {
    const rows = (status?.consumers ?? []).map(
      ({ label, dead, undelivered }) => [label, dead, undelivered] as const,
    );
    // Drawn again only when a number has changed, so that the keyboard focus is not lost.
    if (JSON.stringify(rows) === shown) return;
    shown = JSON.stringify(rows);
    body.replaceChildren(
      table(
        'Dead letters by consumer',
        ['consumer', 'dead letters', 'undelivered'],
        rows.map(([label, dead, undelivered]) => [
          element('a', { href: `#/dead-letters/${encodeURIComponent(label)}` }, label),
          formatCount(dead),
          formatCount(undelivered),
        ]),
      ),
    );
  }
}

function deadLettersOf(consumer: string): View {
  const path = `/api/dead-letters/${encodeURIComponent(consumer)}`;
  const groups = element('div', {}, 'Reading ...');
  const note = element('p', { class: 'notice', role: 'status', hidden: true });
  const readOnly = meta('read-only') === 'true';
  let shownIds: readonly string[] = [];
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

  /** While dead letters are read, they are hidden from other readers. So the buttons are disabled meanwhile. */
  async function load(): Promise<void> {
    for (const button of buttons.querySelectorAll('button')) button.disabled = true;
    await attempt(async () => show(await query<DeadLetters>(path, {})));
    for (const button of buttons.querySelectorAll('button')) button.disabled = false;
  }

  function show({ deadLetters, more, look }: DeadLetters): void {
    shownIds = deadLetters.map(({ messageId }) => messageId);
    const byError = Map.groupBy(deadLetters, ({ errorName }) => errorName);
    groups.replaceChildren(
      element(
        'p',
        { class: 'faint' },
        `${plural(deadLetters.length, 'dead letter')}${more ? ` of ${look.total.toLocaleString()} shown` : ''}.${describeUnread(look)} Read at ${formatTime(Date.now())}.`,
      ),
      ...[...byError].map(([name, group]) => groupOf(name, group)),
    );
  }

  function groupOf(name: string, deadLetters: readonly DeadLetter[]): HTMLElement {
    return element(
      'section',
      { class: 'scroll' },
      element('h2', {}, `${name} (${deadLetters.length})`),
      !readOnly && element('button', { type: 'button', onclick: () => void redrive(name) }, 'Redrive these'),
      table(
        'Dead letters with this error',
        ['last', 'event', 'reason', 'attempts', ''],
        deadLetters.map(row),
      ),
    );
  }

  function row(deadLetter: DeadLetter): readonly (Node | string)[] {
    const { eventId, source, type, messageId, errorMessage, attempts, lastAt } = deadLetter;
    const event = eventId && source ? traceLink({ id: eventId, source }) : element('code', {}, messageId);
    return [
      formatTime(lastAt),
      element('div', {}, type ?? 'no event', element('br'), event),
      errorMessage,
      attempts?.toLocaleString() ?? '',
      element('button', { type: 'button', onclick: () => void open(deadLetter) }, 'Open'),
    ];
  }

  async function open(deadLetter: DeadLetter): Promise<void> {
    const data = await openDeadLetter(deadLetter, readOnly);
    if (data === undefined) return;
    await attempt(async () => {
      const { sent } = await changeWithData<{ readonly sent: boolean }>(
        `${path}/edit`,
        { messageId: deadLetter.messageId },
        data,
      );
      showNote(sent ? 'Sent to its queue with the new data.' : 'The data is unchanged; nothing was sent.');
    });
    await load();
  }

  async function redrive(errorName?: string): Promise<void> {
    await attempt(async () => {
      const { moved, left } = await change<{ readonly moved: number; readonly left: number }>(
        `${path}/redrive`,
        { errorName },
      );
      const rest =
        left > 0 ? ` ${left.toLocaleString()} not moved: with another reader, or refused by SQS.` : '';
      showNote(`${plural(moved, 'dead letter')} sent back to the queue.${rest}`, left > 0 ? 'bad' : '');
    });
    await load();
  }

  async function purge(): Promise<void> {
    const messageIds = shownIds;
    if (messageIds.length === 0) return showNote('There are no dead letters to purge.');
    const shown = plural(messageIds.length, 'dead letter');
    const question = `Purge the ${shown} of ${consumer} shown here? What is purged is written to a file first.`;
    if (!(await askToConfirm(question, 'Purge'))) return;
    await attempt(async () => {
      const purged = await change<Purged>(`${path}/purge`, { messageIds });
      showNote(describePurged(purged), purged.refused + purged.missing > 0 ? 'bad' : '');
    });
    await load();
  }

  function showNote(text: string, style = ''): void {
    note.hidden = false;
    note.className = `notice ${style}`;
    note.textContent = text;
  }

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // The error is shown on the page. The next read shows the state of the queue.
      showNote(error instanceof Error ? error.message : String(error), 'bad');
    }
  }
}

function describePurged({ purged, file, missing, refused }: Purged): string {
  const where = file === undefined ? '' : ` They are in the file ${file}.`;
  const kept = refused > 0 ? ` SQS did not delete ${refused}, which are in the file too.` : '';
  const gone = missing > 0 ? ` ${missing} were not found any more.` : '';
  return `${plural(purged, 'dead letter')} purged.${where}${kept}${gone}`;
}

/** Says which messages could not be read. */
function describeUnread({ withOthers, notHandedOut }: Look): string {
  const reader = withOthers > 0 ? ` ${withOthers.toLocaleString()} are with another reader.` : '';
  return notHandedOut > 0 ? `${reader} ${notHandedOut.toLocaleString()} were not returned by SQS.` : reader;
}
