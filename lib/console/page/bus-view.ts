/// <reference lib="dom" />
import type { ConsumerStatus } from '../shapes.ts';
import { element } from './element.ts';
import { alarmLabel, formatSeconds } from './format.ts';
import { publishedPerSecond } from './rates.ts';
import { meta } from './session.ts';
import type { Live, View } from './view.ts';

/** The bus as it is now: the publisher, the topic, and every consumer with its filter, its queue and its dead letters. */
export function busView(): View {
  const rate = element('b', {}, '0');
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
      element('span', {}, 'events a second, published through '),
      element('code', {}, meta('api-url')),
    ),
    spine,
  );
  return { heading: 'Bus', body, update };

  function update(live: Live): void {
    const now = Date.now();
    rate.textContent = publishedPerSecond(live.events, now, () => true).toFixed(1);
    for (const consumer of live.status?.consumers ?? []) {
      const row = rows.get(consumer.name) ?? makeRow(consumer);
      if (!rows.has(consumer.name)) {
        rows.set(consumer.name, row);
        spine.append(row.item);
      }
      const perSecond = publishedPerSecond(live.events, now, ({ type }) => consumer.types.includes(type));
      row.show(consumer, perSecond);
    }
  }
}

interface Row {
  readonly item: HTMLLIElement;
  show(consumer: ConsumerStatus, perSecond: number): void;
}

function makeRow({ name, types, filterPolicy }: ConsumerStatus): Row {
  const figures = {
    perSecond: figure('events a second'),
    waiting: figure('waiting'),
    inFlight: figure('in flight'),
    dead: figure('dead', `#/dead-letters/${name}`),
  };
  const state = element('span', { class: 'state', role: 'status' });
  const item = element(
    'li',
    {},
    element(
      'div',
      { class: 'card consumer' },
      element('h2', {}, name),
      ...Object.values(figures).map(({ box }) => box),
      state,
      element('div', { class: 'types', title: filterPolicy }, `takes ${types.join(', ') || 'everything'}`),
    ),
  );
  return { item, show };

  function show(consumer: ConsumerStatus, perSecond: number): void {
    item.classList.toggle('flowing', perSecond > 0 || consumer.inFlight > 0);
    figures.perSecond.value.textContent = perSecond.toFixed(1);
    figures.waiting.value.textContent = consumer.waiting.toLocaleString();
    figures.inFlight.value.textContent = consumer.inFlight.toLocaleString();
    figures.dead.value.textContent = (consumer.dead + consumer.undelivered).toLocaleString();
    figures.dead.value.className = consumer.dead + consumer.undelivered > 0 ? 'bad' : '';
    const { text, style } = stateOf(consumer);
    if (state.textContent !== text) state.textContent = text;
    state.className = `state ${style}`;
  }
}

function stateOf({ alarms, waiting, oldestAgeSeconds }: ConsumerStatus): { text: string; style: string } {
  if (alarms.length > 0) return { text: `Alarm: ${alarms.map(alarmLabel).join(', ')}`, style: 'bad' };
  if (waiting > 0 && (oldestAgeSeconds ?? 0) > 30)
    return { text: `Behind by ${formatSeconds(oldestAgeSeconds ?? 0)}`, style: 'warn' };
  return { text: 'Healthy', style: 'good' };
}

function figure(what: string, href?: string): { readonly box: HTMLElement; readonly value: HTMLElement } {
  const value = element('b', {}, '0');
  const label = element('span', {}, what);
  const box = href
    ? element('a', { class: 'figure', href }, value, label)
    : element('div', { class: 'figure' }, value, label);
  return { box, value };
}
