/// <reference lib="dom" />
import { element } from './element.ts';

/** What a browser sees that may not use this console: what to do, and what it may mean. */
export function lockedView(): HTMLElement {
  document.title = 'Locked - Fanfare';
  return element(
    'main',
    {},
    element('h1', {}, 'This browser has not opened this console'),
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
      'If you have not opened that address yourself, another user of this machine may have: stop the command with Ctrl-C.',
    ),
  );
}
