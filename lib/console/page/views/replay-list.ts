/// <reference lib="dom" />
import type { ShownReplay } from '../../shapes.ts';
import { element } from '../element.ts';
import { formatTime } from '../format.ts';
import { change, query } from '../server.ts';
import { meta } from '../session.ts';
import { askToConfirm } from './dialog.ts';
import type { Live } from './view.ts';

/** The latest replays, each with its progress and its buttons. */
export interface ReplayList {
  readonly body: HTMLElement;
  update(live: Live): void;
  /** Says which replay has started, and shows it. */
  started(replay: ShownReplay): void;
}

/** Lists the replays. It reads them with the first status of the deployment, and when a status tells of a change. */
export function replayList(): ReplayList {
  const note = element('p', { class: 'notice', role: 'status', hidden: true });
  const list = element('ul', { class: 'replays' });
  const rows = new Map<string, Row>();
  const heading = element('h2', { hidden: true }, 'Replays');
  let seen: string | undefined;
  return { body: element('section', {}, heading, note, list), update, started };

  function update({ status }: Live): void {
    const now = JSON.stringify(status?.replays);
    if (status === undefined || now === seen) return;
    seen = now;
    void load();
  }

  function started({ id, consumer }: ShownReplay): void {
    say(`Replay ${id} to ${consumer} has started. It runs where the bus is, also when this page is closed.`);
    void load();
  }

  async function load(): Promise<void> {
    try {
      show(await query<readonly ShownReplay[]>('/api/replays', {}));
    } catch (error) {
      // It is read again with the next change.
      sayError(error);
    }
  }

  function show(replays: readonly ShownReplay[]): void {
    heading.hidden = replays.length === 0;
    for (const replay of replays) {
      const row = rows.get(replay.id) ?? makeRow(replay.id, control);
      rows.set(replay.id, row);
      row.show(replay);
    }
    const order = replays.flatMap(({ id }) => rows.get(id)?.item ?? []);
    // Moved only when the order has changed, so that the keyboard focus is not lost.
    if (order.some((item, index) => list.children[index] !== item)) list.replaceChildren(...order);
  }

  async function control({ id, consumer }: ShownReplay, what: string): Promise<void> {
    const question = `Cancel the replay ${id} to ${consumer} for good? What was sent stays sent.`;
    if (what === 'cancel' && !(await askToConfirm(question, 'Cancel the replay'))) return;
    try {
      const changed = await change<ShownReplay>(`/api/replays/${encodeURIComponent(id)}/${what}`, {});
      rows.get(id)?.show(changed);
      note.hidden = true;
    } catch (error) {
      // The list shows in which state it is.
      sayError(error);
      await load();
    }
  }

  function say(text: string, style = ''): void {
    note.hidden = false;
    note.className = `notice ${style}`;
    note.textContent = text;
  }

  function sayError(error: unknown): void {
    say(error instanceof Error ? error.message : String(error), 'bad');
  }
}

interface Row {
  readonly item: HTMLLIElement;
  show(replay: ShownReplay): void;
}

/** A replay whose elements stay, so that the keyboard focus does. */
function makeRow(id: string, control: (replay: ShownReplay, what: string) => Promise<void>): Row {
  let shown: ShownReplay | undefined;
  const act = (what: string): void => void (shown && control(shown, what));
  const title = element('div', {});
  const state = element('div', { class: 'state' });
  const progress = element('progress', { 'aria-label': `Read of replay ${id}` });
  const counts = element('span', { class: 'faint' });
  // One button, so that the focus stays where it was when a replay is paused.
  const toggle = element('button', {
    type: 'button',
    onclick: () => act(isPausable(shown) ? 'pause' : 'resume'),
  });
  const cancel = element(
    'button',
    { type: 'button', class: 'danger', 'aria-label': `Cancel replay ${id}`, onclick: () => act('cancel') },
    'Cancel ...',
  );
  const buttons = meta('read-only') === 'true' ? [] : [toggle, cancel];
  const bar = element('div', { class: 'row' }, progress, counts, ...buttons);
  return { item: element('li', { class: 'card' }, title, state, bar), show };

  function show(replay: ShownReplay): void {
    shown = replay;
    const { consumer, mode, status, problem, read, events, createdAt, createdBy } = replay;
    title.textContent = `${id} to ${consumer} (${mode}), started ${formatTime(createdAt)} by ${createdBy}`;
    state.textContent = problem === undefined ? status : `${status}: ${problem}`;
    state.className = `state ${status === 'failed' ? 'bad' : status === 'paused' ? 'warn' : ''}`;
    progress.max = Math.max(1, events);
    progress.value = status === 'done' ? progress.max : read;
    counts.textContent = describeCounts(replay);
    const label = isPausable(replay) ? 'Pause' : 'Resume';
    toggle.textContent = label;
    toggle.setAttribute('aria-label', `${label} replay ${id}`);
    for (const button of buttons) button.hidden = isOver(replay);
  }
}

function describeCounts({ read, events, sent, unreadable, refused }: ShownReplay): string {
  const bad = [
    ...(unreadable > 0 ? [`${unreadable.toLocaleString()} unreadable`] : []),
    ...(refused > 0 ? [`${refused.toLocaleString()} refused by SQS`] : []),
  ];
  return [
    `${read.toLocaleString()} of ${events.toLocaleString()} read`,
    `${sent.toLocaleString()} sent`,
    ...bad,
  ].join(', ');
}

function isPausable(replay: ShownReplay | undefined): boolean {
  return replay?.status === 'planning' || replay?.status === 'running';
}

function isOver({ status }: ShownReplay): boolean {
  return status === 'done' || status === 'cancelled';
}
