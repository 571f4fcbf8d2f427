import type { Envelope } from '../contracts/envelope.ts';
import { parseJson } from '../contracts/json.ts';
import { withinTime } from './deadline.ts';
import { reasonOf, toError } from './error-reason.ts';
import type { Job } from './job.ts';
import type { Ports } from './ports.ts';
import type { PublishOutcome } from './publisher.ts';

/** A publisher that is told to end needs a moment to say which events got there by then. */
const GRACE_MS = 50;

/** What became of the events that one job has emitted. */
export interface Publication {
  /** Their types, in their order. */
  readonly types: readonly string[];
  /** Why not all of them got there. */
  readonly error: Error | undefined;
}

/**
 * Publishes what the jobs of a batch have emitted, together. Never throws: what cannot be published, or not in time, is
 * its job's own failure.
 *
 * @param until epoch milliseconds at which publishing has to end
 */
export async function publishOutboxes(
  { publisher, clock }: Pick<Ports, 'publisher' | 'clock'>,
  jobs: readonly Job[],
  until: number,
): Promise<ReadonlyMap<Job, Publication>> {
  const read = jobs.map((job) => ({ job, ...readOutbox(job) }));
  const events = read.flatMap((one) => one.events);
  if (events.length === 0 && read.every(({ error }) => !error)) return new Map();
  const outcomes = await publish();
  return new Map(
    read.map(({ job, events: own, error }) => [
      job,
      { types: own.map(({ type }) => type), error: error ?? failureOf(own, outcomes) },
    ]),
  );

  async function publish(): Promise<ReadonlyMap<Envelope, PublishOutcome> | Error> {
    if (!publisher)
      return new Error('events are to be published, but this function has no topic: TOPIC_ARN is not set');
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
      // No answer in time: whatever was published is published again, under the same ids.
      return toError(error);
    }
  }
}

/** Events of a job that are to be published. */
export function outboxOf({ outcome }: Job): readonly string[] {
  return outcome?.kind === 'done' || outcome?.kind === 'unpublished' ? outcome.outbox : [];
}

/** These texts were serialised from envelopes by emit(), by this version or an earlier one. */
function readOutbox(job: Job): { readonly events: readonly Envelope[]; readonly error?: Error } {
  try {
    return { events: outboxOf(job).map((text) => parseJson(text) as Envelope) };
  } catch (cause) {
    // Somebody has changed the record: this event cannot be finished, the others of its batch can.
    return { events: [], error: new Error('the outbox in the record is not JSON', { cause }) };
  }
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
