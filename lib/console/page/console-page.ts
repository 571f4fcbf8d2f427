/// <reference lib="dom" />

import type { Status } from '../shapes.ts';
import { busView } from './bus-view.ts';
import { deadLettersView } from './dead-letters-view.ts';
import { element } from './element.ts';
import { eventsView } from './events-view.ts';
import { faultsView } from './faults-view.ts';
import { followLive } from './live.ts';
import { mailView } from './mail-view.ts';
import { publishView } from './publish-view.ts';
import type { SeenEvent } from './rates.ts';
import { meta } from './session.ts';
import { storyView } from './story-view.ts';
import type { View } from './view.ts';

/** Every view by the first part of the address's hash; those with a label stand in the navigation. */
const VIEWS: Readonly<
  Record<string, { readonly label?: string; readonly local?: boolean; open(...path: string[]): View }>
> = {
  bus: { label: 'Bus', open: busView },
  events: { label: 'Events', open: eventsView },
  story: { open: storyView },
  'dead-letters': { label: 'Dead letters', open: deadLettersView },
  publish: { label: 'Publish', open: publishView },
  mail: { label: 'Mail', local: true, open: mailView },
  faults: { label: 'Faults', local: true, open: faultsView },
};
const KEPT_EVENTS = 500;

const local = meta('local') === 'true';
const tabs = Object.entries(VIEWS).filter(([, view]) => view.label && (local || !view.local));
const links = tabs.map(([name, { label }], index) =>
  element('a', { href: `#/${name}`, title: `Key ${index + 1}` }, label),
);
const main = element('main', { id: 'main', tabindex: '-1' });
const problem = element('p', { class: 'notice bad', role: 'alert', hidden: true });
const search = element('input', {
  type: 'search',
  placeholder: 'Trace an event or correlation id  ( / )',
  'aria-label': 'Trace an event or correlation id',
  size: '34',
});

let status: Status | undefined;
let events: SeenEvent[] = [];
let view: View | undefined;
let drawing = 0;

/** Once per frame at most: events may pass faster than anyone can look. */
function redraw(): void {
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(() => view?.update?.({ status, events }));
}

function open(): void {
  const [name = 'bus', ...path] = location.hash.slice(2).split('/').filter(Boolean).map(decodeURIComponent);
  const chosen = VIEWS[name] ?? VIEWS.bus;
  for (const link of links) {
    if (link.hash === `#/${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  view = chosen?.open(...path);
  if (!view) return;
  document.title = `${view.heading} - Fanfare`;
  main.replaceChildren(element('h1', {}, view.heading), problem, view.body);
  view.update?.({ status, events });
}

function onKey(event: KeyboardEvent): void {
  if (event.target instanceof HTMLElement && event.target.matches('input, textarea, select')) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const link = links[Number(event.key) - 1];
  if (link) link.click();
  else if (event.key === '/') search.focus();
  else return;
  event.preventDefault();
}

document.body.append(
  element(
    'header',
    {},
    element('strong', {}, 'Fanfare'),
    element('span', { class: 'deployment' }, meta('deployment')),
    element('nav', { 'aria-label': 'Views' }, ...links),
    element('form', { role: 'search', onsubmit: trace }, search),
  ),
  main,
);
addEventListener('hashchange', () => {
  open();
  main.focus();
});
addEventListener('keydown', onKey);
open();
followLive({
  onStatus: (next) => {
    status = next;
    redraw();
  },
  onEvent: (event) => {
    events = [{ ...event, seenAt: Date.now() }, ...events].slice(0, KEPT_EVENTS);
    redraw();
  },
  onProblem: (text) => {
    problem.hidden = text === undefined;
    problem.textContent = text ?? '';
  },
});

function trace(event: Event): void {
  event.preventDefault();
  if (search.value.trim()) location.hash = `#/story/${encodeURIComponent(search.value.trim())}`;
}
