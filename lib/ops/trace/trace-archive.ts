import { createDeduper } from '../../archive/read/deduper.ts';
import { readArchive } from '../../archive/read/read-archive.ts';
import { correlationOf, createSelection } from '../../archive/read/selection.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import type { OpenArchive } from '../archive/open-archive.ts';
import type { Problem } from '../problem.ts';
import type { TracedEvent } from './traced-event.ts';

export interface TraceArchiveOptions {
  /** Id of an event, or a correlation id. */
  readonly id: string;
  /** Source of the event of that id. @default - any */
  readonly source?: string | undefined;
  /** Arrival in the archive, in epoch milliseconds. */
  readonly from: number;
  /** Arrival in the archive, in epoch milliseconds; not in the range. */
  readonly to: number;
  /** What the records have told: its events are not shown again. */
  readonly known: readonly TracedEvent[];
  /** Called for each object that could not be read as a whole. */
  readonly onProblem: (problem: Problem) => void;
}

/** An event as the archive has it. */
interface Found {
  readonly event: Envelope;
  readonly arrivedAt: number;
}

/**
 * Finds an event, or all events of a correlation id, in the archive, for what has no records any more.
 *
 * The keys of objects say nothing of ids, so every object of the range is read; twice for an event that is not the first of its chain.
 *
 * @returns the events that nothing else in the answer has caused, with what they caused; without those that are known
 */
export async function traceArchive(
  archive: OpenArchive,
  options: TraceArchiveOptions,
): Promise<readonly TracedEvent[]> {
  const { id, source } = options;
  const found = await search(archive, options, (event) => {
    const isIt = event.id === id && (source === undefined || event.source === source);
    return isIt || correlationOf(event) === id;
  });
  const others = new Set(found.map(({ event }) => correlationOf(event)).filter((one) => one !== id));
  const all =
    others.size === 0
      ? found
      : await search(archive, options, (event) => others.has(correlationOf(event)) || event.id === id);
  const known = new Set(options.known.flatMap(identitiesIn));
  return toTree(all.filter(({ event }) => !known.has(identity(event))));
}

async function search(
  { store }: OpenArchive,
  { from, to, onProblem }: TraceArchiveOptions,
  isWanted: (event: Envelope) => boolean,
): Promise<readonly Found[]> {
  const { range, matches } = createSelection({ from, to });
  const damaged = new Set<string>();
  const lines = readArchive(store, {
    selection: { range, matches: (line) => matches(line) && isWanted(line.event) },
    deduper: createDeduper(),
    onProblem: ({ key, reason }) => {
      if (!damaged.has(key)) onProblem({ resource: 'object', name: key, missing: false, reason });
      damaged.add(key);
    },
  });
  return Array.fromAsync(lines, ({ event, arrivedAt }) => ({ event, arrivedAt }));
}

/** Every event is under the one whose id it has as its cause. */
function toTree(all: readonly Found[]): readonly TracedEvent[] {
  const ids = new Set(all.map(({ event }) => event.id));
  const byCause = Map.groupBy(all, ({ event }) => causeOf(event) ?? '');
  const added = new Set<Found>();
  const toEvent = (found: Found): readonly TracedEvent[] => {
    // Publishers choose ids, so by mistake events could cause each other in a cycle.
    if (added.has(found)) return [];
    added.add(found);
    const { id, source, type, time } = found.event;
    const at = time === undefined ? undefined : Date.parse(time);
    const caused = (byCause.get(id) ?? []).flatMap(toEvent);
    return [{ id, source, type, at, archivedAt: found.arrivedAt, handlings: [], caused }];
  };
  const roots = all.filter(({ event }) => !ids.has(causeOf(event) ?? ''));
  const fromRoots = roots.flatMap(toEvent);
  return [...fromRoots, ...all.flatMap(toEvent)];
}

/** No event is its own cause. */
function causeOf({ id, causationid }: Envelope): string | undefined {
  return causationid === id ? undefined : causationid;
}

function identitiesIn({ handlings, ...event }: TracedEvent): readonly string[] {
  const emitted = handlings.flatMap((handling) => handling.emitted);
  return [identity(event), ...emitted.flatMap(identitiesIn)];
}

function identity({ id, source }: Pick<TracedEvent, 'id' | 'source'>): string {
  return `${source}|${id}`;
}
