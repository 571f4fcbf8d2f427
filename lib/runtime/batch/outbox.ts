import { reasonOf, toError } from '../../contracts/text/error-reason.ts';
import type { PublishOutcome } from '../../publishing/topic/topic-publisher.ts';
import { withinTime } from '../deadline.ts';
import type { Ports } from '../dependencies.ts';
import type { BatchItem } from './batch-item.ts';
import { goesLater, type OutboxEntry, readOutboxEntry } from './outbox-entry.ts';
import { partition } from './partition.ts';

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

/** An entry with what has become of it: an Error when it is not known, or when there is nowhere to send it. */
type Sent = readonly [OutboxEntry, PublishOutcome | Error];

type Send = (
  ports: PublishingPorts,
  entries: readonly OutboxEntry[],
  signal: AbortSignal,
) => Promise<readonly PublishOutcome[]>;

/** Sends to both places, each with its own end: one that is missing or silent fails no entry of the other. */
async function publish(
  ports: PublishingPorts,
  entries: readonly OutboxEntry[],
  until: number,
): Promise<ReadonlyMap<OutboxEntry, PublishOutcome | Error>> {
  const [later, now] = partition(entries, goesLater);
  const sent = await Promise.all([
    sendTo(toTopic, ports, { entries: now, until }),
    sendTo(toLaterQueue, ports, { entries: later, until }),
  ]);
  return new Map(sent.flat());
}

async function sendTo(
  send: Send,
  ports: PublishingPorts,
  { entries, until }: { readonly entries: readonly OutboxEntry[]; readonly until: number },
): Promise<readonly Sent[]> {
  if (entries.length === 0) return [];
  try {
    const outcomes = await withinTime(
      ports.clock,
      until,
      (signal) => send(ports, entries, signal),
      'publishing',
      GRACE_MS,
    );
    return entries.flatMap((entry, index): Sent[] => {
      const outcome = outcomes[index];
      return outcome ? [[entry, outcome]] : [];
    });
  } catch (thrown) {
    // No answer in time, or no such place. Events that were published are published again, with the same ids.
    const error = toError(thrown);
    return entries.map((entry) => [entry, error]);
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
  outcomes: ReadonlyMap<OutboxEntry, PublishOutcome | Error>,
): Error | undefined {
  for (const entry of entries) {
    const outcome = outcomes.get(entry);
    if (outcome instanceof Error)
      return new Error(`an emitted event was not published: ${reasonOf(outcome).message}`, {
        cause: outcome,
      });
    if (outcome?.status === 'published') continue;
    const reason = outcome ? `${outcome.code} ${outcome.message}` : 'no answer';
    return new Error(`an emitted event was not published: ${reason}`);
  }
  return undefined;
}
