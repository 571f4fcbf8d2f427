import type { Persistence, Queue } from './repair-fauxqs.ts';

/** The store of the queues, as this file needs it. */
interface Queues {
  allQueues(): Iterable<Queue>;
}

/** Changes the time of messages, which the engine keeps as moments of the real time. */
export interface MessageTimes {
  /** When the next hidden message of a queue becomes visible: epoch milliseconds, real time. */
  nextVisibleAt(queue: Queue): number | undefined;
  /** Makes every hidden message of every queue visible so much earlier. */
  bringForward(milliseconds: number): void;
}

/** @param persistence keeps messages over restarts. @default - they are only in memory */
export function messageTimes(queues: Queues, persistence: Persistence | undefined): MessageTimes {
  const save = persistence?.db.prepare(
    'UPDATE sqs_messages SET delay_until = delay_until - ?, visibility_deadline = visibility_deadline - ?',
  );
  return {
    nextVisibleAt: (queue) => {
      const moments = [
        ...[...queue.inflightMessages.values()].map(({ visibilityDeadline }) => visibilityDeadline),
        ...queue.inspectMessages().delayed.map(({ delayUntil = 0 }) => delayUntil),
      ];
      return moments.length === 0 ? undefined : Math.min(...moments);
    },
    bringForward: (milliseconds) => {
      for (const queue of queues.allQueues()) {
        for (const inFlight of queue.inflightMessages.values()) inFlight.visibilityDeadline -= milliseconds;
        for (const message of queue.inspectMessages().delayed)
          if (message.delayUntil !== undefined) message.delayUntil -= milliseconds;
        queue.processTimers();
      }
      save?.run(String(milliseconds), String(milliseconds));
    },
  };
}
