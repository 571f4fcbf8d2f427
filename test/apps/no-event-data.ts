import type { EventData } from '../../lib/runtime/event-data.ts';

/** For consumers whose events all carry their data: whoever looks for it elsewhere is wrong. */
export const NO_EVENT_DATA: EventData = {
  redeem: (event) => Promise.reject(new Error(`nobody has put the data of ${event.id} aside`)),
  follow: (event) => Promise.reject(new Error(`${event.id} has a link that nobody set`)),
};
