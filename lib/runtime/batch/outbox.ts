import { reasonOf, toError } from '../../contracts/text/error-reason.ts';
import type { PublishOutcome } from '../../publishing/topic/topic-publisher.ts';
import { withinTime } from '../deadline.ts';
import type { Ports } from '../dependencies.ts';
import type { BatchItem } from './batch-item.ts';
import { goesLater, type OutboxEntry, readOutboxEntry } from './outbox-entry.ts';

/** Time that the publisher has after its signal fires, to report which events it has published. */
const GRACE_MS = 50;

/** The result of publishing the emitted events of one item. */
export interface Publication {
  /** The types of the events, in order. */
  readonly types: readonly string[];
  /** Why some events were not published; undefined when all were. */
  readonly error: Error | undefined;
}

/**
 * Publishes the emitted events of all items together. Never throws: if an event cannot be published in time, only its own item fails.
 *
 * @param until epoch milliseconds at which publishing has to end
 */
export async function publishOutboxes(
  ports: PublishingPorts,
  items: readonly BatchItem[],
  until: number,
): Promise<ReadonlyMap<BatchItem, Publication>> {
  const read = items.map((item) => ({ item, ...readOutbox(item) }));
  const entries = read.flatMap((one) => one.entries);
  if (entries.length === 0 && read.every(({ error }) => !error)) return new Map();
  const outcomes = await publish(ports, entries, until);
  return new Map(
    read.map(({ item, entries: own, error }) => [
      item,
      {
        types: own.flatMap((entry) => ('event' in entry ? [entry.event.type] : [])),
        error: error ?? failureOf(own, outcomes),
      },
    ]),
  );
}

type PublishingPorts = Pick<Ports, 'publisher' | 'later' | 'clock'>;

async function publish(
  ports: PublishingPorts,
  entries: readonly OutboxEntry[],
  until: number,
): Promise<ReadonlyMap<OutboxEntry, PublishOutcome> | Error> {
  const later = entries.filter(goesLater);
  const now = entries.filter((entry) => !goesLater(entry));
  try {
    const sent = await withinTime(
      ports.clock,
      until,
      (signal) =>
        Promise.all([
          now.length > 0 ? toTopic(ports, now, signal) : [],
          later.length > 0 ? toLaterQueue(ports, later, signal) : [],
        ]),
      'publishing',
      GRACE_MS,
    );
    const outcomes = sent.flat();
    return new Map(
      [...now, ...later].flatMap((entry, index) => {
        const outcome = outcomes[index];
        return outcome ? [[entry, outcome] as const] : [];
      }),
    );
  } catch (error) {
    // No answer in time. Events that were published are published again, with the same ids.
    return toError(error);
  }
}

function toTopic(
  { publisher }: PublishingPorts,
  entries: readonly OutboxEntry[],
  signal: AbortSignal,
): Promise<readonly PublishOutcome[]> {
  if (!publisher)
    throw new Error('the events cannot be published: TOPIC_ARN is not set, so this function has no topic');
  return publisher.publish(
    entries.flatMap((entry) => ('event' in entry ? [entry.event] : [])),
    { signal },
  );
}

function toLaterQueue(
  { later }: PublishingPorts,
  entries: readonly OutboxEntry[],
  signal: AbortSignal,
): Promise<readonly PublishOutcome[]> {
  if (later) return later.send(entries, { signal });
  throw new Error(
    'events that come later cannot be sent: LATER_QUEUE_URL is not set; write emitsLater: true into the definition and deploy it',
  );
}

/** The emitted events of an item that are not published yet. */
export function outboxOf({ outcome }: BatchItem): readonly string[] {
  return outcome?.status === 'completed' || outcome?.status === 'committed' ? outcome.outbox : [];
}

/** Reads the texts in the outbox. `emit()` has written them, in this release or an earlier one. */
function readOutbox(item: BatchItem): { readonly entries: readonly OutboxEntry[]; readonly error?: Error } {
  try {
    return { entries: outboxOf(item).map(readOutboxEntry) };
  } catch (cause) {
    // Somebody has changed the record. Only this event cannot be finished; the others of its batch can.
    return { entries: [], error: new Error('the outbox in the record cannot be read', { cause }) };
  }
}

function failureOf(
  entries: readonly OutboxEntry[],
  outcomes: ReadonlyMap<OutboxEntry, PublishOutcome> | Error,
): Error | undefined {
  if (outcomes instanceof Error) {
    return new Error(`an emitted event was not published: ${reasonOf(outcomes).message}`, {
      cause: outcomes,
    });
  }
  for (const entry of entries) {
    const outcome = outcomes.get(entry);
    if (outcome?.status === 'published') continue;
    const reason = outcome ? `${outcome.code} ${outcome.message}` : 'no answer';
    return new Error(`an emitted event was not published: ${reason}`);
  }
  return undefined;
}
