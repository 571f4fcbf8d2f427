import { setTimeout as sleep } from 'node:timers/promises';
import { openingStock } from '../demo/orders.ts';
import { postEvents } from '../demo/post-events.ts';

/** Before each further try. A bundle that loads slowly goes on loading meanwhile. */
const PAUSES_MS = [3_000, 10_000, 20_000, 40_000];

/**
 * Publishes the shop's opening stock. Whatever keeps the API from taking it, a bundle that loads slowly for one, does not end
 * what runs: it is said, and tried again.
 *
 * @param say takes a line for the terminal
 * @param signal ends the further tries
 * @returns after the first try; the further ones are made beside everything else
 */
export async function publishOpeningStock(
  apiUrl: string,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const reason = await failureOf(apiUrl);
  if (reason === undefined) return;
  say(`The opening stock is not published yet, and is tried again: ${reason}`);
  void tryAgain(apiUrl, say, signal);
}

async function tryAgain(apiUrl: string, say: (line: string) => void, signal?: AbortSignal): Promise<void> {
  let reason: string | undefined;
  for (const pauseMs of PAUSES_MS) {
    // The signal ends the sleep, and then the tries.
    await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal?.aborted) return;
    reason = await failureOf(apiUrl);
    if (reason === undefined) return say('The opening stock is published.');
  }
  say(`The opening stock is not published, and orders find nothing in stock: ${reason}`);
}

async function failureOf(apiUrl: string): Promise<string | undefined> {
  try {
    await postEvents(apiUrl, [openingStock()]);
    return undefined;
  } catch (error) {
    // The caller says it; everything else runs on.
    return error instanceof Error ? error.message : String(error);
  }
}
