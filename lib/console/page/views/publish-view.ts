/// <reference lib="dom" />
import type { PublishableEvent } from '../../shapes.ts';
import { element } from '../element.ts';
import { changeWithData, read } from '../server.ts';
import { traceLink } from './events-view.ts';
import type { View } from './view.ts';

/** A form that publishes any event of the contracts. It is filled with an example. */
export function publishView(): View {
  const types = element('select', { id: 'type', onchange: () => choose() });
  const description = element('p', { class: 'faint' });
  const source = element('input', { id: 'source', value: '/console', size: '30' });
  const subject = element('input', { id: 'subject', size: '30' });
  const at = element('input', { id: 'at', size: '30', placeholder: '2026-12-31T12:00:00Z' });
  const data = element('textarea', { id: 'data', spellcheck: 'false' });
  const result = element('div', { role: 'status' });
  const send = element('button', { class: 'primary', type: 'submit' }, 'Publish');
  const form = element(
    'form',
    { onsubmit: publish },
    labelled('type', 'Event', types),
    description,
    element(
      'div',
      { class: 'row' },
      labelled('source', 'Source', source),
      labelled('subject', 'Subject (optional)', subject),
      labelled('at', 'Deliver at (optional)', at),
    ),
    labelled('data', 'Data', data),
    element('div', { class: 'row' }, send),
    result,
  );
  let known: readonly PublishableEvent[] = [];
  read<readonly PublishableEvent[]>('/api/contracts').then(fill, (error: unknown) =>
    say('bad', messageOf(error)),
  );
  return { heading: 'Publish', body: form };

  function fill(events: readonly PublishableEvent[]): void {
    known = events;
    types.replaceChildren(...events.map(({ type }) => element('option', { value: type }, type)));
    choose();
  }

  function choose(): void {
    const event = known.find(({ type }) => type === types.value);
    description.textContent = event?.description ?? '';
    data.value = event?.example ?? '{}';
  }

  async function publish(event: Event): Promise<void> {
    event.preventDefault();
    send.disabled = true;
    try {
      const attributes = {
        type: types.value,
        source: source.value,
        ...(subject.value && { subject: subject.value }),
        ...(at.value && { at: at.value }),
      };
      const published = await changeWithData<{ readonly id: string; readonly source: string }>(
        '/api/publish',
        attributes,
        data.value,
      );
      result.replaceChildren(
        element('p', { class: 'notice' }, 'Published. Its trace: ', traceLink(published)),
      );
    } catch (error) {
      // The message of the server names each mistake. The form keeps its data.
      say('bad', messageOf(error));
    } finally {
      send.disabled = false;
    }
  }

  function say(style: string, text: string): void {
    result.replaceChildren(element('pre', { class: `notice ${style}`, role: 'alert' }, text));
  }
}

function labelled(id: string, text: string, field: HTMLElement): HTMLElement {
  return element('div', {}, element('label', { for: id }, text), field);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
