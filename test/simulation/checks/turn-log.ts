import { NotBegun } from '../../../lib/runtime/failures.ts';
import type { Job } from '../../../lib/runtime/job.ts';
import type { ConsumerName } from '../stories/app.ts';

/** What is noted of consumers with a rate limit: whether it is kept, and what it costs. */
export class TurnLog {
  /** When handlers began, by the clock of the instance that they ran in, for each consumer. */
  readonly begun = new Map<ConsumerName, number[]>();
  /** Events that lost an attempt by waiting for their turn while nothing was wrong. */
  readonly turnedAway: string[] = [];

  onBegun(consumer: ConsumerName, at: number): void {
    const known = this.begun.get(consumer) ?? [];
    this.begun.set(consumer, [...known, at]);
  }

  /** Hears of a batch that was processed while nothing was wrong. */
  onCalmBatch(jobs: readonly Job[]): void {
    const late = jobs.filter(
      ({ outcome }) => outcome?.kind === 'waiting' && outcome.error instanceof NotBegun,
    );
    this.turnedAway.push(...late.map(({ facts }) => facts.id));
  }
}
