/// <reference lib="dom" />
import type { KeptMail } from '../../shapes.ts';
import { element } from '../element.ts';
import { formatTime } from '../format.ts';
import { read } from '../server.ts';
import type { View } from './view.ts';

const REFRESH_MS = 2_000;
const SHOWN = 100;

/** The mail that consumers have sent here, newest first. It is kept and not delivered. */
export function mailView(): View {
  const list = element('div', {});
  const problem = element('p', { class: 'notice bad', role: 'alert', hidden: true });
  let shown = '';
  void refresh();
  return { heading: 'Mail', body: element('section', {}, problem, list) };

  async function refresh(): Promise<void> {
    try {
      const mails = await read<readonly KeptMail[]>('/api/mail');
      problem.hidden = true;
      const newest = `${mails[0]?.messageId} ${mails.length}`;
      // Drawn again only when there is new mail, so that opened mails stay open.
      if (newest !== shown)
        list.replaceChildren(...(mails.length > 0 ? mails.slice(0, SHOWN).map(mail) : [none()]));
      shown = newest;
    } catch (error) {
      problem.hidden = false;
      problem.textContent = error instanceof Error ? error.message : String(error);
    }
    setTimeout(() => list.isConnected && refresh(), REFRESH_MS);
  }
}

function none(): HTMLElement {
  return element('p', { class: 'faint' }, 'No mail has been sent.');
}

function mail({ time, from, to, subject, text }: KeptMail): HTMLElement {
  return element(
    'details',
    { class: 'card' },
    element('summary', {}, `${formatTime(time)}  ${subject}  to ${to.join(', ')}`),
    element('p', { class: 'faint' }, `from ${from}`),
    element('pre', {}, text),
  );
}
