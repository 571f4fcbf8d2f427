import { systemClock } from '../../aws/clock.ts';
import type { DataOf } from '../../contracts/define-event.ts';
import { deliveryTime } from '../../contracts/envelope/deliver-at.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import type { Receipt } from '../../contracts/receipts/receipt.ts';
import type { ReceiptQuery } from '../../contracts/receipts/receipt-query.ts';
import type { EventVersion } from '../../contracts/versions/event-version.ts';
import { sizeProblem } from '../topic/event-size.ts';
import { orderProblem } from '../topic/order-problem.ts';
import { type ApiSenderProps, createApiSender } from './api-sender.ts';
import { InvalidEventError, PublishError } from './errors.ts';
import { type EventOptions, makeEvent, type NewEvent } from './new-event.ts';
import { createReceiptReader, type ReadReceipt } from './receipt-reader.ts';
import { failed, type Sender, type SendOutcome } from './sender.ts';
import { createTopicSender, type TopicSenderProps } from './topic-sender.ts';

/** Options of a publisher: either the `url` of the publish API, or the `topicArn` of the topic. */
export type PublisherProps = (ApiSenderProps | TopicSenderProps) & {
  /** Default `source` of events: a URI-reference, such as `/shop/checkout`. @default - every event must have its own `source` */
  readonly source?: string;
};

/** What identifies a published event. */
export interface PublishedEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** When the API has accepted it, in epoch milliseconds of its clock. @default - it was sent to the topic */
  readonly publishedAt?: number;
  /** When it comes, in epoch milliseconds. @default - at once */
  readonly deliverAt?: number;
}

export interface CallOptions {
  /** Stops the call, which then throws the signal's reason. Events that were sent before may be published. @default - no limit of the caller's own */
  readonly signal?: AbortSignal;
}

export interface Publisher {
  /**
   * Publishes one event. It retries a transient failure with backoff and with the same id.
   *
   * @throws InvalidEventError when the event is invalid or too large, or has no partitionkey for a FIFO topic; nothing was sent
   * @throws PublishError when the event could not be published
   */
  publish<Version extends EventVersion>(
    contract: Version,
    data: DataOf<Version>,
    options?: EventOptions & CallOptions,
  ): Promise<PublishedEvent>;

  /** Makes an event for `publishAll`. @throws InvalidEventError when the event is invalid */
  event<Version extends EventVersion>(
    contract: Version,
    data: DataOf<Version>,
    options?: EventOptions,
  ): NewEvent<Version>;

  /**
   * Publishes any number of events. It sends as few requests as the limits allow, one after the other, and stops after a request
   * that failed.
   *
   * @throws InvalidEventError when one event is too large; nothing was sent
   * @throws PublishError with the result of each event, when some could not be published. It is safe to publish the same events again.
   */
  publishAll(events: readonly NewEvent[], options?: CallOptions): Promise<readonly PublishedEvent[]>;

  /**
   * Reads what each consumer has done with an event, with up to four requests of 31 seconds; `signal` ends it earlier. The caller needs the permission to read receipts. See docs/receipts.md.
   *
   * @param event what `publish` has returned
   * @throws Error when the receipt cannot be read
   * @throws TypeError when this publisher sends to the topic and not to the API
   */
  receipt(event: ReceiptQuery, options?: CallOptions): Promise<Receipt>;
}

/**
 * Creates a publisher for code that is not a Lambda function of the bus.
 *
 * @example
 * const publisher = createPublisher({ url: 'http://127.0.0.1:3000', source: '/shop/checkout' });
 * await publisher.publish(OrderPlaced, { orderId: 'order-1', ... }, { subject: 'order-1' });
 */
export function createPublisher(props: PublisherProps): Publisher {
  const sender: Sender = 'url' in props ? createApiSender(props) : createTopicSender(props);
  const clock = ('url' in props ? props.clock : undefined) ?? systemClock;
  const make: Publisher['event'] = (contract, data, options = {}) =>
    makeEvent(contract, { data, options: { source: props.source, ...options }, now: clock.now() });
  const sendAll = (events: readonly Envelope[], signal: AbortSignal | undefined) =>
    publishAll(sender, events, { signal, now: clock.now() });
  const read = createLazyReader(props);
  return {
    event: make,
    receipt: async (event, { signal } = {}) => {
      signal?.throwIfAborted();
      return unlessAborted(read(event, signal), signal);
    },
    publish: async (contract, data, { signal, ...options } = {}) => {
      const event = make(contract, data, options);
      const [outcome] = await sendAll([event], signal);
      return identify(event, outcome);
    },
    publishAll: async (events, { signal } = {}) => {
      const outcomes = await sendAll(events, signal);
      return events.map((event, index) => identify(event, outcomes[index]));
    },
  };
}

/** The reader of receipts is made when it is first used: most publishers read none. */
function createLazyReader(props: PublisherProps): ReadReceipt {
  let reader: ReadReceipt | undefined;
  return (event, signal) => {
    if (!('url' in props))
      throw new TypeError('receipts are read over the HTTP API; create the publisher with its url');
    reader ??= createReceiptReader(props);
    return reader(event, signal);
  };
}

async function publishAll(
  sender: Sender,
  events: readonly Envelope[],
  { signal, now }: { readonly signal: AbortSignal | undefined; readonly now: number },
): Promise<readonly SendOutcome[]> {
  signal?.throwIfAborted();
  refuseUnsendable(events, sender, now);
  if (events.length === 0) return [];
  const outcomes = await unlessAborted(sender.publish(events, { signal }), signal);
  const results = events.map((event, index) => ({
    event,
    outcome: outcomes[index] ?? failed('NoAnswer', 'the answer does not mention the event', true),
  }));
  if (results.every(({ outcome }) => outcome.status === 'published')) return outcomes;
  signal?.throwIfAborted();
  throw new PublishError(results);
}

const NO_QUEUE = {
  pointer: '/deliverat',
  detail:
    'is ahead, and a publisher to the topic needs the queue of later events: createPublisher({ topicArn, laterQueueUrl })',
};

function refuseUnsendable(
  events: readonly Envelope[],
  { maxEventBytes, fifo, takesLater }: Sender,
  now: number,
): void {
  for (const event of events) {
    if (!takesLater && (deliveryTime(event) ?? now) > now)
      throw new InvalidEventError(event.type, [NO_QUEUE]);
    const problem = sizeProblem(event, { maxEventBytes, now });
    if (problem) {
      throw new InvalidEventError(event.type, [{ pointer: '', detail: `${event.id} ${problem.detail}` }]);
    }
    const unordered = orderProblem(event, fifo);
    if (unordered) {
      throw new InvalidEventError(event.type, [
        { ...unordered, detail: `of ${event.id} ${unordered.detail}` },
      ]);
    }
  }
}

/** Waits for the work, but throws the signal's reason at once when the signal fires. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function identify({ id, source, type }: Envelope, outcome: SendOutcome | undefined): PublishedEvent {
  const { publishedAt, deliverAt } = (outcome?.status === 'published' && outcome.times) || {};
  return {
    id,
    source,
    type,
    ...(publishedAt !== undefined && { publishedAt }),
    ...(deliverAt !== undefined && { deliverAt }),
  };
}
