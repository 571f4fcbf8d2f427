import { reasonOf, toError } from '../../contracts/text/error-reason.ts';
import { failure, type PublishOutcome } from '../../publishing/topic/publish-outcome.ts';
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

/** Sends entries. @returns what has become of them, in their order; an entry without an outcome has had no answer */
type Send = (
  ports: PublishingPorts,
  entries: readonly OutboxEntry[],
  signal: AbortSignal,
) => Promise<readonly PublishOutcome[]>;

/** An entry has an error when its whole place could not be sent to. */
type Outcomes = ReadonlyMap<OutboxEntry, PublishOutcome | Error | undefined>;

/** Sends to both places, each with its own end: one that is missing or silent fails no entry of the other. */
async function publish(
  ports: PublishingPorts,
  entries: readonly OutboxEntry[],
  until: number,
): Promise<Outcomes> {
  const sendTo = async (send: Send, part: readonly OutboxEntry[]) => {
    const outcomes = await outcomesOf(send, ports, { entries: part, until });
    return part.map((entry, index) => [entry, outcomes[index]] as const);
  };
  const [later, now] = partition(entries, goesLater);
  return new Map((await Promise.all([sendTo(toTopic, now), sendTo(toLaterQueue, later)])).flat());
}

async function outcomesOf(
  send: Send,
  ports: PublishingPorts,
  { entries, until }: { readonly entries: readonly OutboxEntry[]; readonly until: number },
): Promise<readonly (PublishOutcome | Error)[]> {
  if (entries.length === 0) return [];
  try {
    return await withinTime(
      ports.clock,
      until,
      (signal) => send(ports, entries, signal),
      'publishing',
      GRACE_MS,
    );
  } catch (error) {
    // Mostly, there was no answer in time. Events that were published are published again, with the same ids.
    return entries.map(() => toError(error));
  }
}

const toTopic: Send = async ({ publisher }, entries, signal) =>
  publisher
    ? publisher.publish(
        entries.flatMap((entry) => ('event' in entry ? [entry.event] : [])),
        { signal },
      )
    : entries.map(() => failure('NoTopic', 'TOPIC_ARN is not set, so this function has no topic', false));

const toLaterQueue: Send = async ({ later }, entries, signal) =>
  later
    ? later.send(entries, { signal })
    : entries.map(() =>
        failure(
          'NoLaterQueue',
          'LATER_QUEUE_URL is not set; deploy the definition with emitsLater: true',
          false,
        ),
      );

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

function failureOf(entries: readonly OutboxEntry[], outcomes: Outcomes): Error | undefined {
  for (const entry of entries) {
    const outcome = outcomes.get(entry);
    if (outcome instanceof Error) return notPublished(reasonOf(outcome).message, outcome);
    if (outcome?.status === 'published') continue;
    return notPublished(outcome ? `${outcome.code} ${outcome.message}` : 'no answer');
  }
  return undefined;
}

function notPublished(reason: string, cause?: Error): Error {
  return new Error(`an emitted event was not published: ${reason}`, { cause });
}
