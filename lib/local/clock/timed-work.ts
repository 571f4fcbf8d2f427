import type { MessagingEngine } from '../engines/fauxqs.ts';
import type { EventSources } from '../event-sources/event-sources.ts';
import type { LocalFunction } from '../functions/local-function.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { TimedWork } from './advance.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The parts of this machine in which something happens at some time. */
export interface TimedParts {
  readonly clock: VirtualClock;
  readonly scheduler: Scheduler;
  readonly messaging: MessagingEngine;
  readonly eventSources: EventSources;
  readonly functions: ReadonlyMap<string, LocalFunction>;
}

/** What time does on this machine: schedules, and messages that are hidden in queues which a function polls. */
export function timedWorkOf({ clock, scheduler, messaging, eventSources, functions }: TimedParts): TimedWork {
  const busy = (): readonly string[] => [
    ...[...functions.values()]
      .filter(({ counters }) => counters.running > 0)
      .map(({ configuration }) => configuration.name),
    ...eventSources.busy((queueUrl) => messaging.pollersOf(queueUrl)),
  ];
  return {
    clock,
    nextAt: () => {
      const visible = eventSources.queueUrls.flatMap((url) => messaging.nextVisibleAt(url) ?? []);
      const next = Math.min(
        ...visible.map((at) => at + clock.aheadMs),
        scheduler.nextAt ?? Number.POSITIVE_INFINITY,
      );
      return Number.isFinite(next) ? next : undefined;
    },
    moved: async (milliseconds) => {
      messaging.bringForward(milliseconds);
      await scheduler.sendDue();
    },
    isIdle: () => busy().length === 0,
    describe: () => `these functions are still working: ${[...new Set(busy())].join(', ')}`,
  };
}
