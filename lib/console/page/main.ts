/// <reference lib="dom" />
import { lockedView } from './locked-view.ts';
import { openSession } from './session.ts';

// A new token in the address of a page that is open already: the page begins anew with it.
addEventListener('hashchange', () => location.hash.startsWith('#token=') && location.reload());

// What the console shows is known only with a session, so that its modules are run only then.
if (await openSession()) await import('./console-page.ts');
else document.body.append(lockedView());
