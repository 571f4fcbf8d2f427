import type { MessagingEngine, QueueDepth } from '../engines/fauxqs.ts';
import type { LocalFunction } from '../functions/local-function.ts';
import type { EventSources } from './event-sources.ts';

/** Says of a function by its variables whether its queue keeps messages until they are due. */
export type IsTimer = (environment: Readonly<Record<string, string>>) => boolean;

export interface BusyParts {
  readonly functions: Iterable<LocalFunction>;
  readonly eventSources: EventSources;
  readonly messaging: MessagingEngine;
}

/** Names of the functions that run, or for which a message waits. Of a timer, only messages that are due count. */
export function busyFunctions(
  { functions, eventSources, messaging }: BusyParts,
  isTimer: IsTimer,
): readonly string[] {
  const running = [...functions]
    .filter(({ counters }) => counters.running > 0)
    .map(({ configuration }) => configuration.name);
  const onTheWay = new Set(eventSources.busy((queueUrl) => messaging.pollersOf(queueUrl)));
  const waited = eventSources.sources
    .filter(({ environment, name, queueUrl }) => {
      const depth = messaging.depthOf(queueUrl);
      return isTimer(environment) ? depth.visible > 0 || onTheWay.has(name) : totalOf(depth) > 0;
    })
    .map(({ name }) => name);
  return [...new Set([...running, ...waited])];
}

function totalOf({ visible, inFlight, delayed }: QueueDepth): number {
  return visible + inFlight + delayed;
}
