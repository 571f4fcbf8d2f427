import type { Envelope } from '../contracts/envelope.ts';
import type { Job } from './job.ts';
import type { Ports } from './ports.ts';

/**
 * Publishes what the jobs of a batch have emitted, together.
 *
 * @returns the error of each job whose events did not all get there
 */
export async function publishOutboxes(
  { publisher }: Pick<Ports, 'publisher'>,
  jobs: readonly Job[],
): Promise<ReadonlyMap<Job, Error>> {
  const pending = jobs.flatMap((job) => outboxOf(job).map((event) => ({ job, event })));
  const failed = new Map<Job, Error>();
  if (pending.length === 0) return failed;
  if (!publisher)
    throw new Error('events were emitted, but this function has no topic: TOPIC_ARN is not set');
  // These texts were serialised from envelopes by emit(), by this version or an earlier one.
  const outcomes = await publisher.publish(pending.map(({ event }) => JSON.parse(event) as Envelope));
  for (const [index, { job }] of pending.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === 'published') continue;
    failed.set(
      job,
      new Error(
        `an emitted event was not published: ${outcome ? `${outcome.code} ${outcome.message}` : 'no answer'}`,
      ),
    );
  }
  return failed;
}

/** Events of a job that are to be published. */
export function outboxOf({ outcome }: Job): readonly string[] {
  return outcome?.kind === 'done' || outcome?.kind === 'unpublished' ? outcome.outbox : [];
}
