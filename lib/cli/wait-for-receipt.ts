import { setTimeout as pauseFor } from 'node:timers/promises';
import { type ConsumerReceipt, isOpen, type Receipt } from '../contracts/receipts/receipt.ts';

export interface WaitProps {
  /** Reads a receipt. It stops when the signal fires. */
  readonly read: (signal: AbortSignal) => Promise<Receipt>;
  /** How long to wait at most. */
  readonly milliseconds: number;
  /** Called with every receipt that is read. */
  readonly onReceipt: (receipt: Receipt) => void;
  readonly now?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** How the waiting has ended. */
export interface Waited {
  /** The last receipt that was read; undefined when none was. */
  readonly receipt?: Receipt;
  /** Why the last receipt could not be read. */
  readonly failure?: Error;
}

/** The time was over before the API has answered. */
export class NoAnswerInTimeError extends Error {
  override readonly name = 'NoAnswerInTimeError';

  constructor() {
    super('the API has not answered before the time was over');
  }
}

/** Of a consumer that filters by data it is never known whether it takes the event. It is waited for only this long. */
const MAYBE_MS = 5_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
/** A receipt that is read at the end of the time may take this long. */
const LAST_READ_MS = 1_000;
/** Node runs a longer timer at once. @see https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Reads the receipt of an event again and again until every consumer is done, dead or skipped, or the time is over. A request without an answer
 * ends with the time.
 *
 * @returns the last receipt, or why there is none
 */
export async function waitForReceipt(props: WaitProps): Promise<Waited> {
  const { read, milliseconds, onReceipt, now = Date.now, sleep = pauseFor } = props;
  const startedAt = now();
  let last: Waited = {};
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    let receipt: Receipt;
    try {
      receipt = await readWithin(read, startedAt + milliseconds - now());
    } catch (error) {
      // The caller says it, beside what was known before.
      return { ...last, failure: error instanceof Error ? error : new Error(String(error)) };
    }
    last = { receipt };
    onReceipt(receipt);
    const left = startedAt + milliseconds - now();
    const open = receipt.consumers.filter(({ status, why }) => status === 'unknown' && why !== 'nobody');
    const isDecided = open.length === 0 || (open.every(isMaybe) && now() - startedAt >= MAYBE_MS);
    if (receipt.settled && isDecided) return last;
    if (left <= 0) return last;
    await sleep(Math.min(pause, left));
  }
}

/** @throws NoAnswerInTimeError when the receipt takes longer */
async function readWithin(read: WaitProps['read'], left: number): Promise<Receipt> {
  const limit = new AbortController();
  const milliseconds = Math.min(LONGEST_TIMER_MS, Math.max(LAST_READ_MS, left));
  const timer = setTimeout(() => limit.abort(new NoAnswerInTimeError()), milliseconds);
  try {
    return await read(limit.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the event is with every consumer as it should be: none has given it up, is still at it, or cannot be asked. */
export function isWell({ consumers }: Receipt): boolean {
  return consumers.every(
    (consumer) => isMaybe(consumer) || !(isOpen(consumer) || ['dead', 'unknown'].includes(consumer.status)),
  );
}

/** Whether nobody can say if the consumer takes the event, however long one waits. The bus has accepted the type: that nobody takes it is no mistake. */
function isMaybe({ status, why }: ConsumerReceipt): boolean {
  return status === 'unknown' && (why === 'filter' || why === 'nobody');
}
