import { backoffMilliseconds } from '../../aws/backoff.ts';
import { type Clock, systemClock } from '../../aws/clock.ts';
import { untilAborted } from '../../aws/until-aborted.ts';

/** How entries are sent, and sent again. */
export interface Sending<Entry> {
  /** Sends entries, in as many requests as they need. It notes the outcome of each, and never rejects. */
  readonly send: (entries: readonly Entry[]) => Promise<unknown>;
  /** Whether an entry that was sent should be sent again. */
  readonly failed: (entry: Entry) => boolean;
  /** Maximum number of requests for one entry. */
  readonly tries: number;
  readonly signal: AbortSignal | undefined;
  /** @default - the system clock */
  readonly clock?: Clock | undefined;
  /** @default Math.random */
  readonly random?: (() => number) | undefined;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** Sends entries, and again those that have failed, with pauses that grow, until the last try or until the signal fires. */
export async function sendWithRetries<Entry>(
  entries: readonly Entry[],
  { send, failed, tries, signal, clock = systemClock, random = Math.random }: Sending<Entry>,
): Promise<void> {
  const backoff = { first: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS, random };
  let pending = entries;
  for (let attempt = 1; pending.length > 0; attempt++) {
    await send(pending);
    pending = pending.filter(failed);
    if (pending.length === 0 || attempt === tries || signal?.aborted) return;
    const pause = backoffMilliseconds(attempt, backoff);
    // When the signal fires, there are no more attempts, and the outcomes so far are final.
    await untilAborted(signal, () => clock.sleep(pause)).catch(() => undefined);
    if (signal?.aborted) return;
  }
}
