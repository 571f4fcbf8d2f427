/// <reference lib="dom" />
import type { BusStatus, ConsumerStatus, Problem } from '../../shapes.ts';
import { element } from '../element.ts';
import { formatCount, formatSeconds } from '../format.ts';
import { publishedPerSecond } from '../rates.ts';
import { meta } from '../session.ts';
import { type State, stateOfBus, stateOfConsumer, UNKNOWN_NOW } from '../state-of.ts';
import { intakeControl } from './intake-control.ts';
import type { Live, View } from './view.ts';

/** The current state of the bus: the topic, and every consumer with its event types, its queue and its dead letters. */
export function busView(): View {
  const rate = element('b', {}, '?');
  const state = element('p', { class: 'state', role: 'status' });
  const archive = element('span', {});
  const unread = element('ul', { class: 'unread' });
  const rows = new Map<string, Row>();
  const spine = element('ul', { class: 'spine' });
  const body = element(
    'section',
    {},
    element(
      'div',
      { class: 'card source figure' },
      element('h2', {}, 'Topic'),
      rate,
      element('span', {}, 'events per second, published through '),
      element('code', {}, meta('api-url')),
      archive,
      state,
    ),
    unread,
    spine,
  );
  return { heading: 'Bus', body, update };

  function update(live: Live): void {
    const { status, isOld } = live;
    rate.textContent = rateOf(live, () => true);
    if (!status) return;
    showState(state, isOld ? UNKNOWN_NOW : stateOfBus(status.bus));
    archive.textContent = describeArchive(status.bus);
    showUnread(unread, status.problems);
    const gone = new Set(rows.keys());
    for (const consumer of status.consumers) {
      gone.delete(consumer.label);
      const row = rows.get(consumer.label) ?? makeRow(consumer.label);
      if (!rows.has(consumer.label)) {
        rows.set(consumer.label, row);
        spine.append(row.item);
      }
      row.show(consumer, live);
    }
    for (const label of gone) {
      rows.get(label)?.item.remove();
      rows.delete(label);
    }
  }
}

/** How many events wait to be archived. Empty when the bus has no archive, or is not here. */
function describeArchive({ archive }: BusStatus): string {
  return archive === null ? '' : `${formatCount(archive.waiting)} wait to be archived`;
}

/** Matching events per second; `?` while events are not received. */
function rateOf({ events, isFollowing, isOld }: Live, matches: (type: string) => boolean): string {
  if (!isFollowing || isOld) return '?';
  return publishedPerSecond(events, Date.now(), ({ type }) => matches(type)).toFixed(1);
}

/** Shows the parts that could not be read for any consumer. */
function showUnread(list: HTMLElement, problems: readonly Problem[]): void {
  const lines = problems.map(({ resource, reason }) => `The ${resource} cannot be read: ${reason}`);
  if (lines.join() === [...list.children].map(({ textContent }) => textContent).join()) return;
  list.replaceChildren(...lines.map((line) => element('li', { class: 'warn' }, line)));
}

function showState(target: HTMLElement, { text, style, details = '' }: State): void {
  if (target.textContent !== text) target.textContent = text;
  target.className = `state ${style}`;
  target.title = details;
}

interface Row {
  readonly item: HTMLLIElement;
  show(consumer: ConsumerStatus, live: Live): void;
}

function makeRow(label: string): Row {
  const figures = {
    perSecond: figure('events per second'),
    waiting: figure('waiting'),
    inFlight: figure('in flight'),
    oldest: figure('oldest'),
    dead: figure('dead', `#/dead-letters/${encodeURIComponent(label)}`),
  };
  const state = element('span', { class: 'state', role: 'status' });
  const intake = intakeControl(label);
  const types = element('div', { class: 'types' });
  const item = element(
    'li',
    {},
    element(
      'div',
      { class: 'card consumer' },
      element('h2', {}, label),
      ...Object.values(figures).map(({ box }) => box),
      state,
      types,
      intake.box,
    ),
  );
  return { item, show };

  function show(consumer: ConsumerStatus, live: Live): void {
    const { waiting, inFlight, oldestAgeSeconds } = consumer;
    const perSecond = rateOf(live, (type) => accepts(consumer, type));
    item.classList.toggle('flowing', !live.isOld && (Number(perSecond) > 0 || (inFlight ?? 0) > 0));
    figures.perSecond.value.textContent = perSecond;
    figures.waiting.value.textContent = formatCount(waiting);
    figures.inFlight.value.textContent = formatCount(inFlight);
    const isEmpty = waiting === 0 && inFlight === 0;
    figures.oldest.value.textContent =
      oldestAgeSeconds === null ? (isEmpty ? '-' : '?') : formatSeconds(oldestAgeSeconds);
    showDead(figures.dead.value, consumer);
    showState(state, live.isOld ? UNKNOWN_NOW : stateOfConsumer(consumer));
    intake.show(consumer);
    const text = describeTypes(consumer);
    if (types.textContent !== text) types.textContent = text;
    types.title = consumer.filterPolicy ?? '';
  }
}

/** Shows the number of dead letters and undelivered messages. When only one of the two is known, it is shown with `+?`. */
function showDead(target: HTMLElement, { dead, undelivered }: ConsumerStatus): void {
  const known = (dead ?? 0) + (undelivered ?? 0);
  const isKnown = dead !== null && undelivered !== null;
  target.textContent = isKnown ? formatCount(known) : known > 0 ? `${formatCount(known)}+?` : '?';
  target.className = known > 0 ? 'bad' : '';
}

function accepts({ types }: ConsumerStatus, type: string): boolean {
  return types !== null && (types.length === 0 || types.includes(type));
}

function describeTypes({ types }: ConsumerStatus): string {
  if (types === null) return 'subscribed to: not known';
  return `subscribed to ${types.join(', ') || 'all events'}`;
}

function figure(what: string, href?: string): { readonly box: HTMLElement; readonly value: HTMLElement } {
  const value = element('b', {}, '?');
  const label = element('span', {}, what);
  const box = href
    ? element('a', { class: 'figure', href }, value, label)
    : element('div', { class: 'figure' }, value, label);
  return { box, value };
}
