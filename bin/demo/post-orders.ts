import type { DemoOrder } from './orders.ts';

/** Requests at once. */
const CONCURRENCY = 8;
/** Every tenth order is posted twice more, as a client would that has not seen the answer. */
const REPEATED = 10;

/**
 * Posts every order over HTTP, some of them several times.
 *
 * @returns how many requests were accepted
 * @throws Error with the API's answer when one is not
 */
export async function postOrders(apiUrl: string, orders: readonly DemoOrder[]): Promise<number> {
  const requests = orders.flatMap((order, index) =>
    index % REPEATED === 0 ? [order, order, order] : [order],
  );
  if (process.stderr.isTTY) console.error(`Publishing ${requests.length} requests ...`);
  const pending = requests.entries();
  let accepted = 0;
  const post = async (): Promise<void> => {
    for (const [, order] of pending) {
      await postOrder(apiUrl, order);
      accepted += 1;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, post));
  return accepted;
}

async function postOrder(apiUrl: string, order: DemoOrder): Promise<void> {
  const response = await fetch(new URL('/events', apiUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify(order),
  });
  if (response.status !== 202) {
    throw new Error(`order ${order.id} was answered ${response.status}: ${await response.text()}`);
  }
  await response.body?.cancel();
}
