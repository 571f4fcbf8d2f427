import type { TracedRecord } from './read-record.ts';
import type { SubscribedTypes } from './read-subscribed-types.ts';
import type { Handling, TracedEvent } from './traced-event.ts';

type Named = Pick<TracedEvent, 'id' | 'source' | 'type'>;

const identity = ({ id, source }: Pick<Named, 'id' | 'source'>): string => `${source}|${id}`;

/**
 * Builds a trace. Every event is under the handling that emitted it; events that no consumer emitted are at the top. A consumer whose subscription
 * accepts an event, but that has no record of it, is shown as `unseen`.
 *
 * @param records records of one correlation id, of all consumers
 * @param subscribedTypes event types that the subscription of each consumer accepts
 */
export function buildTrace(
  records: readonly TracedRecord[],
  subscribedTypes: SubscribedTypes,
): readonly TracedEvent[] {
  const byEvent = Map.groupBy(records, identity);
  const emitted = new Set(records.flatMap((record) => record.emitted.map(identity)));
  const added = new Set<string>();

  const toEvent = (event: Named): TracedEvent => {
    const isAgain = added.has(identity(event));
    const ownRecords = isAgain ? [] : (byEvent.get(identity(event)) ?? []);
    // Publishers choose ids, so by mistake events could cause each other in a cycle. Each event is added once.
    added.add(identity(event));
    const { id, source, type } = event;
    const at = ownRecords.find((record) => record.at !== undefined)?.at;
    const unseen = isAgain ? [] : unseenBy(type, ownRecords, subscribedTypes);
    return { id, source, type, at, handlings: [...ownRecords.map(toHandling), ...unseen] };
  };
  const toHandling = ({ id, source, type, correlationId, at, ...handling }: TracedRecord): Handling => {
    return { ...handling, emitted: handling.emitted.map(toEvent) };
  };

  const roots = [...byEvent].filter(([event]) => !emitted.has(event)).flatMap(([, [first]]) => first ?? []);
  return roots.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)).map(toEvent);
}

function unseenBy(
  type: string,
  seen: readonly TracedRecord[],
  subscribedTypes: SubscribedTypes,
): readonly Handling[] {
  const names = new Set(seen.map(({ consumer }) => consumer));
  return [...subscribedTypes]
    .filter(([name, types]) => (types.size === 0 || types.has(type)) && !names.has(name))
    .map(([consumer]) => ({ consumer, status: 'unseen', endsWithCommit: false, history: [], emitted: [] }));
}
