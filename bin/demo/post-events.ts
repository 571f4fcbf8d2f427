import type { DemoEvent } from './orders.ts';

/**
 * Posts events as a client would, in one batch.
 *
 * @throws Error with the API's answer when it does not accept them
 */
export async function postEvents(apiUrl: string, events: readonly DemoEvent[]): Promise<void> {
  const response = await fetch(new URL('/events', apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: JSON.stringify(events),
  });
  if (response.status !== 202) {
    throw new Error(`the API answered ${response.status} instead of 202: ${await response.text()}`);
  }
  await response.body?.cancel();
}
