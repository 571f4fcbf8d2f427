import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Before each further try. A bundle that loads slowly goes on loading meanwhile. */
const PAUSES_MS = [3_000, 10_000, 20_000, 40_000];

/** Events that are published as soon as the stacks run, as a request has them: a JSON array of CloudEvents. */
export interface FirstEvents {
  readonly file: string;
  readonly body: string;
}

/** @throws Error when there is no such file, or it has no JSON array */
export async function readFirstEvents(file: string): Promise<FirstEvents> {
  const body = await readFile(file, 'utf8');
  let events: unknown;
  try {
    events = JSON.parse(body);
  } catch (cause) {
    throw new Error(`${file} is not JSON; write an array of CloudEvents into it`, { cause });
  }
  if (!Array.isArray(events)) throw new Error(`${file} has no array; write an array of CloudEvents into it`);
  return { file, body };
}

/**
 * Publishes the first events. Whatever keeps the API from taking them, such as a bundle that loads slowly, does not end what runs: it is
 * reported and tried again. Give each event an `id`, so that it counts once when the same data is used for several starts.
 *
 * @param say takes a line for the terminal
 * @param signal ends the further tries
 * @returns after the first try; the further ones are made beside everything else
 */
export async function publishFirstEvents(
  apiUrl: string,
  events: FirstEvents,
  { say, signal }: { readonly say: (line: string) => void; readonly signal?: AbortSignal },
): Promise<void> {
  const reason = await failureOf(apiUrl, events);
  if (reason === undefined) return;
  say(`The events of ${events.file} are not published yet, and are tried again: ${reason}`);
  void tryAgain(apiUrl, events, { say, signal });
}

async function tryAgain(
  apiUrl: string,
  events: FirstEvents,
  { say, signal }: { readonly say: (line: string) => void; readonly signal: AbortSignal | undefined },
): Promise<void> {
  let reason: string | undefined;
  for (const pauseMs of PAUSES_MS) {
    // The signal ends the sleep, and then the tries.
    await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal?.aborted) return;
    reason = await failureOf(apiUrl, events);
    if (reason === undefined) return say(`The events of ${events.file} are published.`);
  }
  say(`The events of ${events.file} are not published: ${reason}`);
}

async function failureOf(apiUrl: string, { body }: FirstEvents): Promise<string | undefined> {
  try {
    const response = await fetch(new URL('/events', apiUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body,
    });
    const answer = await response.text();
    return response.status === 202 ? undefined : `the API answered ${response.status}: ${answer}`;
  } catch (error) {
    // The caller reports it; everything else runs on.
    return error instanceof Error ? error.message : String(error);
  }
}
