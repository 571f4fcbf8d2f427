import type { DataOf } from '../contracts/define-event.ts';
import type { Envelope } from '../contracts/envelope.ts';
import type { EventVersion } from '../contracts/event-version.ts';
import { sizeProblem } from '../runtime/event-size.ts';
import { type ApiSenderProps, createApiSender } from './api-sender.ts';
import { InvalidEvent, PublishFailure } from './errors.ts';
import { type EventOptions, type NewEvent, newEvent } from './new-event.ts';
import { failed, type Sender } from './sender.ts';
import { createTopicSender, type TopicSenderProps } from './topic-sender.ts';

/** Where to, and what goes for every event: either the `url` of the publish API, or the `topicArn` of the topic. */
export type PublisherProps = (ApiSenderProps | TopicSenderProps) & {
  /** `source` of events that name none. @default - each event must name one */
  readonly source?: string;
};

/** What identifies a published event. */
export interface PublishedEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
}

export interface CallOptions {
  /** Ends sending and waiting; the call throws its reason. What was sent by then may be published. */
  readonly signal?: AbortSignal;
}

export interface Publisher {
  /**
   * Publishes one event. What fails for a passing reason is tried again, with backoff and under the same id.
   *
   * @throws InvalidEvent when it is wrong or too large, and nothing is sent
   * @throws PublishFailure when it could not be published
   */
  publish<Version extends EventVersion>(
    contract: Version,
    data: DataOf<Version>,
    options?: EventOptions & CallOptions,
  ): Promise<PublishedEvent>;

  /** Makes an event for `publishAll`. @throws InvalidEvent when it is wrong */
  event<Version extends EventVersion>(
    contract: Version,
    data: DataOf<Version>,
    options?: EventOptions,
  ): NewEvent<Version>;

  /**
   * Publishes any number of events, in as few requests as the limits allow, one after the other. After a request that
   * failed no further one is sent.
   *
   * @throws InvalidEvent when one of them is too large, and nothing is sent
   * @throws PublishFailure with the fate of each, when not all could be published. The same events may be given again.
   */
  publishAll(events: readonly NewEvent[], options?: CallOptions): Promise<readonly PublishedEvent[]>;
}

/**
 * A publisher for code that is not a Lambda of the bus.
 *
 * @example
 * const publisher = createPublisher({ url: 'http://127.0.0.1:3000', source: '/shop/checkout' });
 * await publisher.publish(OrderPlaced, { orderId: 'order-1', ... }, { subject: 'order-1' });
 */
export function createPublisher(props: PublisherProps): Publisher {
  const sender: Sender = 'url' in props ? createApiSender(props) : createTopicSender(props);
  const make: Publisher['event'] = (contract, data, options = {}) =>
    newEvent(contract, data, { source: props.source, ...options });
  return {
    event: make,
    publish: async (contract, data, { signal, ...options } = {}) => {
      const event = make(contract, data, options);
      await publishAll(sender, [event], signal);
      return identify(event);
    },
    publishAll: async (events, { signal } = {}) => {
      await publishAll(sender, events, signal);
      return events.map(identify);
    },
  };
}

async function publishAll(
  sender: Sender,
  events: readonly Envelope[],
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  refuseTooLarge(events, sender.maxEventBytes);
  if (events.length === 0) return;
  const outcomes = await unlessAborted(sender.publish(events, { signal }), signal);
  const fates = events.map((event, index) => ({
    event,
    outcome: outcomes[index] ?? failed('NoAnswer', 'nobody said what became of it', true),
  }));
  if (fates.every(({ outcome }) => outcome.status === 'published')) return;
  signal?.throwIfAborted();
  throw new PublishFailure(fates);
}

function refuseTooLarge(events: readonly Envelope[], maxEventBytes: number): void {
  for (const event of events) {
    const problem = sizeProblem(event, maxEventBytes);
    if (problem) {
      throw new InvalidEvent(event.type, [{ pointer: '', detail: `${event.id} ${problem.detail}` }]);
    }
  }
}

/** Ends with the signal's reason at once, whatever the work still waits for. */
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

function identify({ id, source, type }: Envelope): PublishedEvent {
  return { id, source, type };
}
