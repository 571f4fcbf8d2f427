import { setTimeout as sleep } from 'node:timers/promises';
import type { MessagingEngine } from './engines/fauxqs.ts';

/** Running invocations have this time to finish. */
const DRAIN_MS = 4_000;
/** Interval at which long polls are ended meanwhile: a new one may have begun. */
const END_POLLS_INTERVAL_MS = 50;

/** Waits a moment for what ends by itself: long polls are answered at once, and running batches may finish. */
export async function drain(
  messaging: Pick<MessagingEngine, 'endLongPolls'>,
  ending: readonly Promise<void>[],
): Promise<void> {
  const polls = setInterval(() => messaging.endLongPolls(), END_POLLS_INTERVAL_MS);
  await Promise.race([Promise.all(ending), sleep(DRAIN_MS, undefined, { ref: false })]);
  clearInterval(polls);
}
