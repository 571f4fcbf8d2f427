import type { Clock } from '../../aws/clock.ts';

/** Events a second that one lane is trusted with. More lanes cost more, and only make sense when one is too slow. */
const EVENTS_PER_LANE = 250;
const MAX_LANES = 4;
/** Entries of a request to SQS. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const MAX_ENTRIES = 10;

/** How many lanes a replay has: one for a queue that keeps an order, else as many as the rate needs, up to four. */
export function lanesFor(rate: number, fifo: boolean): number {
  return fifo ? 1 : Math.min(MAX_LANES, Math.max(1, Math.ceil(rate / EVENTS_PER_LANE)));
}

/** Holds the rate of one lane. */
export interface Pace {
  /** How many events may be sent at once: few when the rate is low, so that they are not sent in bursts. */
  readonly atOnce: number;
  /** Milliseconds until the next events may be sent. */
  wait(): number;
  /** Notes that events are sent now. */
  note(events: number): void;
  /** When the next events may be sent, in epoch milliseconds: whoever goes on with the lane begins with it. */
  readonly next: number;
}

export interface PaceOptions {
  /** Rate of the replay divided by its lanes. */
  readonly perSecond: number;
  /** Requests that may be under way at once. */
  readonly parallel: number;
  /** When the first events may be sent, in epoch milliseconds. @default 0 */
  readonly next?: number | undefined;
}

/** A pace of so many events a second. Time that was lost is not made up for, so no minute has more events than the rate allows. */
export function createPace(
  { perSecond, parallel, next: first = 0 }: PaceOptions,
  clock: Pick<Clock, 'now'>,
): Pace {
  let next = first;
  return {
    atOnce: Math.max(1, Math.min(MAX_ENTRIES * parallel, Math.floor(perSecond))),
    wait: () => Math.max(0, next - clock.now()),
    note: (events) => {
      next = Math.max(next, clock.now()) + (events / perSecond) * 1_000;
    },
    get next() {
      return next;
    },
  };
}
