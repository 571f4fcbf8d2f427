import type { TracedRecord } from './read-record.ts';
import type { Handling, StoryEvent } from './story.ts';

type Named = Pick<StoryEvent, 'id' | 'source' | 'type'>;

const identity = ({ id, source }: Pick<Named, 'id' | 'source'>): string => `${source}|${id}`;

/**
 * Puts a story together: every event under the handling that emitted it, and at the top those that nobody here has emitted.
 *
 * @param records of one story, of all consumers
 */
export function tellStory(records: readonly TracedRecord[]): readonly StoryEvent[] {
  const byEvent = Map.groupBy(records, identity);
  const emitted = new Set(records.flatMap((record) => record.emitted.map(identity)));
  const told = new Set<string>();

  const tellEvent = (event: Named): StoryEvent => {
    const own = told.has(identity(event)) ? [] : (byEvent.get(identity(event)) ?? []);
    // Ids are of their makers: a circle would be somebody's mistake, and must not be told for ever.
    told.add(identity(event));
    const { id, source, type } = event;
    const at = own.find((record) => record.at !== undefined)?.at;
    return { id, source, type, at, handlings: own.map(tellHandling) };
  };
  const tellHandling = (record: TracedRecord): Handling => {
    const { consumer, status, startedAt, endedAt, attempts, error } = record;
    return { consumer, status, startedAt, endedAt, attempts, error, emitted: record.emitted.map(tellEvent) };
  };

  const roots = [...byEvent].filter(([event]) => !emitted.has(event)).flatMap(([, [first]]) => first ?? []);
  return roots.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)).map(tellEvent);
}
