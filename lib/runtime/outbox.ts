import type { Envelope } from '../contracts/envelope.ts';
import type { Job } from './job.ts';
import type { Ports } from './ports.ts';

/** What became of the outboxes of a batch. */
export interface Publication {
  /** Why not all events of a job got there. */
  readonly unpublished: ReadonlyMap<Job, Error>;
  /** The types of what each job has emitted, in their order. */
  readonly emitted: ReadonlyMap<Job, readonly string[]>;
}

/** Publishes what the jobs of a batch have emitted, together. */
export async function publishOutboxes(
  { publisher }: Pick<Ports, 'publisher'>,
  jobs: readonly Job[],
): Promise<Publication> {
  // These texts were serialised from envelopes by emit(), by this version or an earlier one.
  const pending = jobs.flatMap((job) =>
    outboxOf(job).map((text) => ({ job, event: JSON.parse(text) as Envelope })),
  );
  if (pending.length === 0) return { unpublished: new Map(), emitted: new Map() };
  if (!publisher)
    throw new Error('events were emitted, but this function has no topic: TOPIC_ARN is not set');
  const outcomes = await publisher.publish(pending.map(({ event }) => event));
  const unpublished = new Map<Job, Error>();
  for (const [index, { job }] of pending.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'published') continue;
    const reason = outcome ? `${outcome.code} ${outcome.message}` : 'no answer';
    unpublished.set(job, new Error(`an emitted event was not published: ${reason}`));
  }
  const byJob = Map.groupBy(pending, ({ job }) => job);
  const emitted = new Map([...byJob].map(([job, own]) => [job, own.map(({ event }) => event.type)]));
  return { unpublished, emitted };
}

/** Events of a job that are to be published. */
export function outboxOf({ outcome }: Job): readonly string[] {
  return outcome?.kind === 'done' || outcome?.kind === 'unpublished' ? outcome.outbox : [];
}
