import type { EventData } from '../../lib/runtime/event/event-data.ts';
import { createSecrets } from '../../lib/runtime/secrets.ts';

/** For consumers whose events all carry their data: whoever looks for it elsewhere is wrong. */
export const NO_EVENT_DATA: EventData = {
  fetchData: (event) => Promise.reject(new Error(`nobody has put the data of ${event.id} aside`)),
  follow: (event) => Promise.reject(new Error(`${event.id} has a link that nobody set`)),
};

/** What a consumer whose definition names no secrets gets them with. */
export const NO_SECRETS = createSecrets([]);
