import { setTimeout } from 'node:timers/promises';
import { type ConsumerReceipt, isOpen, type Receipt } from '../contracts/receipts/receipt.ts';

export interface WaitProps {
  readonly read: () => Promise<Receipt>;
  /** How long to wait at most. */
  readonly milliseconds: number;
  /** Called with every receipt that is read. */
  readonly onReceipt: (receipt: Receipt) => void;
  readonly now?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** Of a consumer that filters by data it is never known whether it takes the event. It is waited for only this long. */
const MAYBE_MS = 5_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Reads the receipt of an event again and again until every consumer is done, dead or skipped, or the time is over.
 *
 * @returns the last receipt
 * @throws Error when a receipt cannot be read
 */
export async function waitForReceipt(props: WaitProps): Promise<Receipt> {
  const { read, milliseconds, onReceipt, now = Date.now, sleep = setTimeout } = props;
  const startedAt = now();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
    const receipt = await read();
    onReceipt(receipt);
    const left = startedAt + milliseconds - now();
    const open = receipt.consumers.filter(({ status }) => status === 'unknown');
    const isDecided = open.length === 0 || (open.every(isMaybe) && now() - startedAt >= MAYBE_MS);
    if (receipt.settled && isDecided) return receipt;
    if (left <= 0) return receipt;
    await sleep(Math.min(pause, left));
  }
}

/** Whether the event is with every consumer as it should be: none has given it up, is still at it, or cannot be asked. */
export function isWell({ consumers }: Receipt): boolean {
  return consumers.every(
    (consumer) => isMaybe(consumer) || !(isOpen(consumer) || ['dead', 'unknown'].includes(consumer.status)),
  );
}

/** Whether nobody can say if the consumer takes the event, however long one waits. */
function isMaybe({ status, why }: ConsumerReceipt): boolean {
  return status === 'unknown' && why === 'filter';
}
