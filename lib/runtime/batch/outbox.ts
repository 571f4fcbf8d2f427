import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { isJsonObject, parseJson } from '../../contracts/json/json.ts';
import { reasonOf, toError } from '../../contracts/text/error-reason.ts';
import type { PublishOutcome } from '../../publishing/topic/topic-publisher.ts';
import { withinTime } from '../deadline.ts';
import type { Ports } from '../dependencies.ts';
import type { BatchItem } from './batch-item.ts';

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
  { publisher, clock }: Pick<Ports, 'publisher' | 'clock'>,
  items: readonly BatchItem[],
  until: number,
): Promise<ReadonlyMap<BatchItem, Publication>> {
  const read = items.map((item) => ({ item, ...readOutbox(item) }));
  const events = read.flatMap((one) => one.events);
  if (events.length === 0 && read.every(({ error }) => !error)) return new Map();
  const outcomes = await publish();
  return new Map(
    read.map(({ item, events: own, error }) => [
      item,
      { types: own.map(({ type }) => type), error: error ?? failureOf(own, outcomes) },
    ]),
  );

  async function publish(): Promise<ReadonlyMap<Envelope, PublishOutcome> | Error> {
    if (!publisher)
      return new Error('the events cannot be published: TOPIC_ARN is not set, so this function has no topic');
    try {
      const published = await withinTime(
        clock,
        until,
        (signal) => publisher.publish(events, { signal }),
        'publishing',
        GRACE_MS,
      );
      return new Map(
        events.flatMap((event, index) => {
          const outcome = published[index];
          return outcome ? [[event, outcome] as const] : [];
        }),
      );
    } catch (error) {
      // No answer in time. Events that were published are published again, with the same ids.
      return toError(error);
    }
  }
}

/** The emitted events of an item that are not published yet. */
export function outboxOf({ outcome }: BatchItem): readonly string[] {
  return outcome?.status === 'completed' || outcome?.status === 'committed' ? outcome.outbox : [];
}

/** Reads the texts in the outbox. `emit()` has written them, in this release or an earlier one. */
function readOutbox(item: BatchItem): { readonly events: readonly Envelope[]; readonly error?: Error } {
  try {
    return { events: outboxOf(item).map(readEmitted) };
  } catch (cause) {
    // Somebody has changed the record. Only this event cannot be finished; the others of its batch can.
    return { events: [], error: new Error('the outbox in the record cannot be read', { cause }) };
  }
}

function readEmitted(text: string): Envelope {
  const event = parseJson(text);
  if (!isJsonObject(event) || typeof event.type !== 'string')
    throw new TypeError('an entry of the outbox is not an event');
  return event as Envelope;
}

function failureOf(
  events: readonly Envelope[],
  outcomes: ReadonlyMap<Envelope, PublishOutcome> | Error,
): Error | undefined {
  if (outcomes instanceof Error) {
    return new Error(`an emitted event was not published: ${reasonOf(outcomes).message}`, {
      cause: outcomes,
    });
  }
  for (const event of events) {
    const outcome = outcomes.get(event);
    if (outcome?.status === 'published') continue;
    const reason = outcome ? `${outcome.code} ${outcome.message}` : 'no answer';
    return new Error(`an emitted event was not published: ${reason}`);
  }
  return undefined;
}
