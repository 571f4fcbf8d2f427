/// <reference lib="dom" />

import type { Status } from '../shapes.ts';
import { element } from './element.ts';
import { Freshness } from './freshness.ts';
import { followLive } from './live.ts';
import type { SeenEvent } from './rates.ts';
import { meta } from './session.ts';
import { archiveView } from './views/archive-view.ts';
import { busView } from './views/bus-view.ts';
import { deadLettersView } from './views/dead-letters-view.ts';
import { eventsView } from './views/events-view.ts';
import { faultsView } from './views/faults-view.ts';
import { mailView } from './views/mail-view.ts';
import { publishView } from './views/publish-view.ts';
import { sagasView } from './views/sagas-view.ts';
import { scheduledView } from './views/scheduled-view.ts';
import { traceView } from './views/trace-view.ts';
import type { View } from './views/view.ts';

/** Every view, by the first part of the hash in the address. Views with a label are in the navigation. */
const VIEWS: Readonly<
  Record<
    string,
    {
      readonly label?: string;
      readonly needs?: 'local' | 'archive' | 'scheduled' | 'sagas';
      open(...path: string[]): View;
    }
  >
> = {
  bus: { label: 'Bus', open: busView },
  events: { label: 'Events', open: eventsView },
  trace: { open: traceView },
  'dead-letters': { label: 'Dead letters', open: deadLettersView },
  publish: { label: 'Publish', open: publishView },
  archive: { label: 'Archive', needs: 'archive', open: archiveView },
  scheduled: { label: 'Scheduled', needs: 'scheduled', open: scheduledView },
  sagas: { label: 'Sagas', needs: 'sagas', open: sagasView },
  mail: { label: 'Mail', needs: 'local', open: mailView },
  faults: { label: 'Faults', needs: 'local', open: faultsView },
};
const KEPT_EVENTS = 500;
const REDRAW_MS = 1_000;

const tabs = Object.entries(VIEWS).filter(
  ([, { label, needs }]) => label && (needs === undefined || meta(needs) === 'true'),
);
const links = tabs.map(([name, { label }], index) =>
  element('a', { href: `#/${name}`, title: `Key ${index + 1}` }, label),
);
const main = element('main', { id: 'main', tabindex: '-1' });
const freshness = new Freshness(Number(meta('interval-ms')));
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

/** Draws at most once per frame, because many events can come within one. */
function redraw(): void {
  cancelAnimationFrame(drawing);
  drawing = requestAnimationFrame(draw);
}

function draw(): void {
  freshness.show();
  const { isOld, isFollowing } = freshness;
  main.classList.toggle('old', isOld);
  view?.update?.({ status, isOld, isFollowing, events });
}

function open(): void {
  const [name = 'bus', ...path] = location.hash.slice(2).split('/').filter(Boolean).map(decodeURIComponent);
  const chosen = Object.hasOwn(VIEWS, name) ? VIEWS[name] : VIEWS.bus;
  for (const link of links) {
    if (link.hash === `#/${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  view = chosen?.open(...path);
  if (!view) return;
  document.title = `${view.heading} - ${meta('deployment')} - Fanfare`;
  main.replaceChildren(element('h1', {}, view.heading), freshness.notice, view.body);
  draw();
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
    freshness.stamp,
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
    freshness.took(next);
    redraw();
  },
  onEvent: (event) => {
    events = [{ ...event, seenAt: Date.now() }, ...events].slice(0, KEPT_EVENTS);
    redraw();
  },
  onLooking: (problem) => {
    freshness.setLooking(problem);
    redraw();
  },
  onFollowing: (problem) => {
    freshness.setFollowing(problem);
    redraw();
  },
});
// Redraws also when nothing is received, so that the page shows when its numbers are old.
setInterval(redraw, REDRAW_MS);

function trace(event: Event): void {
  event.preventDefault();
  if (search.value.trim()) location.hash = `#/trace/${encodeURIComponent(search.value.trim())}`;
}
