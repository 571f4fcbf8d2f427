import type { QueueLimits } from './controller-ports.ts';
import { PATIENCE_SECONDS } from './give-up.ts';

/** A message that a probe has received. */
export interface Probe {
  /** With this receive. */
  readonly receiveCount: number;
  /** Epoch milliseconds. */
  readonly sentAt: number;
}

export interface ProbeIntervalProps {
  readonly probeEverySeconds: number;
  readonly probe: Probe;
  readonly limits: QueueLimits;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Share of the receives that probes may use as often as they like. */
const FREE_SHARE = 0.5;
/** The receives are used up before the message expires: in the dead-letter queue somebody finds it. */
const LIFE_SHARE = 0.9;
/** What the consumer calls may be up again, and others must not wait for one old message. */
const LONGEST_WAIT_OF_OTHERS_SECONDS = 900;
const MS_PER_SECOND = 1_000;

/**
 * Seconds until the next probe. A message that is alone in its queue is received by every probe; when half of the receives are used, the
 * others are spread over the time that the message still lives.
 */
export function probeIntervalSeconds({ probeEverySeconds, probe, limits, now }: ProbeIntervalProps): number {
  const { maxReceiveCount, retentionSeconds } = limits;
  if (probe.receiveCount <= maxReceiveCount * FREE_SHARE) return probeEverySeconds;
  const receives = Math.max(1, maxReceiveCount - probe.receiveCount - 1);
  const lifeSeconds = (probe.sentAt - now) / MS_PER_SECOND + retentionSeconds;
  return Math.max(probeEverySeconds, Math.ceil((lifeSeconds * LIFE_SHARE) / receives));
}

/**
 * Seconds until a probe that others wait for, although it may meet the message with few receives left again. These last until the message may
 * be given up, with its reason, because nothing can pass it.
 */
export function sparedIntervalSeconds({
  probe,
  limits,
}: Pick<ProbeIntervalProps, 'probe' | 'limits'>): number {
  const receives = Math.max(1, limits.maxReceiveCount - probe.receiveCount - 1);
  return Math.max(LONGEST_WAIT_OF_OTHERS_SECONDS, Math.ceil(PATIENCE_SECONDS / receives));
}
