import { isTransient } from '../aws/transient.ts';
import { untilAborted } from '../aws/until-aborted.ts';
import { deliveryTime } from '../contracts/envelope/deliver-at.ts';
import { type Envelope, identityOf } from '../contracts/envelope/envelope.ts';
import { toError } from '../contracts/text/error-reason.ts';
import { contentOf } from '../publishing/topic/content.ts';
import { MAX_QUEUE_DELAY_SECONDS } from '../publishing/topic/later-queue.ts';
import type { PublishOutcome } from '../publishing/topic/topic-publisher.ts';
import type { IsCancelled } from './cancellations.ts';
import type { Cancellation, LaterEvent, LaterMessage } from './later-message.ts';
import type { LaterOutcome, LaterPorts, LaterRecord } from './later-ports.ts';
import { recurringEvent } from './recurring-event.ts';

/** A readable message. */
export interface ReadRecord {
  readonly record: LaterRecord;
  readonly message: LaterMessage;
}

/** An answer of EventBridge Scheduler after which the same request never succeeds. */
const NEVER = 'ValidationException';
const LONGEST_PAUSE_SECONDS = 900;

/**
 * Works on the messages of a batch. Cancellations are noted first, so that they hold for the events beside them. Their schedules stay: see
 * `removeSchedules`.
 *
 * @param signal fires when all requests have to end
 */
export async function decideAll(
  ports: LaterPorts,
  read: readonly ReadRecord[],
  signal: AbortSignal,
): Promise<ReadonlyMap<LaterRecord, LaterOutcome>> {
  const cancellations = read.map(async ({ record, message }) => {
    if (!('cancel' in message)) return [];
    return [[record, await note(ports, record, { cancellation: message.cancel, signal })] as const];
  });
  const outcomes = new Map((await Promise.all(cancellations)).flat());
  const events = read.flatMap(({ record, message }) => {
    if ('cancel' in message) return [];
    const event =
      'recurring' in message ? recurringEvent(message.recurring, ports.publisher.fifo) : message.event;
    return [{ record, event, key: 'key' in message ? message.key : undefined }];
  });
  for (const [record, outcome] of await decideEvents(ports, events, signal)) outcomes.set(record, outcome);
  return outcomes;
}

interface RecordedEvent extends LaterEvent {
  readonly record: LaterRecord;
}

async function decideEvents(
  ports: LaterPorts,
  events: readonly RecordedEvent[],
  signal: AbortSignal,
): Promise<readonly (readonly [LaterRecord, LaterOutcome])[]> {
  if (events.length === 0) return [];
  let isCancelled: IsCancelled;
  try {
    isCancelled = await untilAborted(signal, () => ports.cancellations.read(events));
  } catch (error) {
    // It is not known whether they are cancelled, so none is delivered now.
    return events.map(({ record }) => [record, failedOnce(record, error)]);
  }
  const decided = events.map((event) => [event, decideOne(ports, event, isCancelled)] as const);
  const due = decided.flatMap(([event, decision]) => (decision === 'due' ? [event] : []));
  // What is due does not wait for the schedules of other events.
  const publishing = publish(ports, due, signal);
  return Promise.all(
    decided.map(async ([event, decision]) => {
      const { record } = event;
      if (decision === 'due') return [record, outcomeOf(record, (await publishing)(event))] as const;
      return [record, decision === 'far' ? await schedule(ports, event, signal) : decision] as const;
    }),
  );
}

/** `due`: it is to be published. `far`: the queue cannot keep it so long, so it needs a schedule. */
function decideOne(
  { clock }: LaterPorts,
  later: RecordedEvent,
  isCancelled: IsCancelled,
): LaterOutcome | 'due' | 'far' {
  if (isCancelled(later)) return { status: 'cancelled' };
  const now = clock.now();
  const seconds = Math.ceil(((deliveryTime(later.event) ?? now) - now) / 1_000);
  if (seconds <= 0) return 'due';
  return seconds <= MAX_QUEUE_DELAY_SECONDS ? { status: 'again', seconds } : 'far';
}

async function schedule(
  { clock, schedules }: LaterPorts,
  { record, event, key }: RecordedEvent,
  signal: AbortSignal,
): Promise<LaterOutcome> {
  const at = deliveryTime(event) ?? clock.now();
  try {
    await untilAborted(signal, () => schedules.create({ event, key }, at, { abortSignal: signal }));
    return { status: 'scheduled' };
  } catch (thrown) {
    const error = toError(thrown);
    return error.name === NEVER && !isTransient(error)
      ? { status: 'dead', error }
      : failedOnce(record, error);
  }
}

async function note(
  { cancellations, clock }: LaterPorts,
  record: LaterRecord,
  { cancellation, signal }: { readonly cancellation: Cancellation; readonly signal: AbortSignal },
): Promise<LaterOutcome> {
  try {
    await untilAborted(signal, () => cancellations.add(cancellation, clock.now()));
    return { status: 'cancellation' };
  } catch (error) {
    // It may be noted. It is noted again, which changes nothing.
    return failedOnce(record, error);
  }
}

type Published = (event: RecordedEvent) => PublishOutcome | undefined;

/** Publishes events. One that is in the batch twice is published once. */
async function publish(
  { publisher }: LaterPorts,
  events: readonly RecordedEvent[],
  signal: AbortSignal,
): Promise<Published> {
  const different = [...new Map(events.map(({ event }) => [messageIdentity(event), event])).values()];
  const outcomes = different.length > 0 ? await publisher.publish(different, { signal }) : [];
  const byIdentity = new Map(different.map((event, index) => [messageIdentity(event), outcomes[index]]));
  return ({ event }) => byIdentity.get(messageIdentity(event));
}

/**
 * An event may be published in several versions: each is its own message. So is an event with other content under the same identity, which
 * consumers report as a conflict.
 */
function messageIdentity(event: Envelope): string {
  return `${identityOf(event)}|${event.type}|${contentOf(event).digest}`;
}

function outcomeOf(record: LaterRecord, outcome: PublishOutcome | undefined): LaterOutcome {
  if (outcome?.status === 'published') return { status: 'published' };
  const { code = 'NoAnswer', message = 'SNS gave no answer', retryable = true } = outcome ?? {};
  const error = new Error(`the event was not published: ${code} ${message}`);
  return retryable ? failedOnce(record, error) : { status: 'dead', error };
}

/** The pause doubles with every receive. SQS gives the message up long after an outage of days. */
function failedOnce({ attributes }: LaterRecord, error: unknown): LaterOutcome {
  const seconds = Math.min(LONGEST_PAUSE_SECONDS, 2 ** Number(attributes.ApproximateReceiveCount));
  return { status: 'again', seconds, error: toError(error) };
}
