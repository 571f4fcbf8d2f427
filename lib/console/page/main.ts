/// <reference lib="dom" />

import { openSession } from './session.ts';
import { lockedView } from './views/locked-view.ts';

// When an open page gets a new token in its address, it is loaded again.
addEventListener('hashchange', () => location.hash.startsWith('#token=') && location.reload());

// The modules of the console need the settings of the session, so they are loaded only with a session.
if (await openSession()) await import('./console-page.ts');
else document.body.append(lockedView());
