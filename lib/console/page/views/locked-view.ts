/// <reference lib="dom" />
import { element } from '../element.ts';

/** The page for a browser without the session. It says what to do. */
export function lockedView(): HTMLElement {
  document.title = 'Locked - Fanfare';
  return element(
    'main',
    {},
    element('h1', {}, 'This browser has no session with this console'),
    element('p', {}, 'The address that the command prints works once, in one browser.'),
    element(
      'p',
      {},
      'Run the command again and open the address that it prints. While ',
      element('code', {}, 'npm start'),
      ' runs, ',
      element('code', {}, 'npx fanfare console --port 0'),
      ' in a second terminal opens another console.',
    ),
    element(
      'p',
      { class: 'notice' },
      'If you did not open that address yourself, another user of this machine may have opened it. Then stop the command with Ctrl-C.',
    ),
  );
}
