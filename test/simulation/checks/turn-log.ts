import type { BatchItem } from '../../../lib/runtime/batch/batch-item.ts';
import { NotBegunError } from '../../../lib/runtime/errors.ts';
import type { ConsumerName } from '../stories/app.ts';

/** What is noted of consumers with a rate limit: whether it is kept, and what it costs. */
export class TurnLog {
  /** When handlers began, by the clock of the instance that they ran in, for each consumer. */
  readonly begun = new Map<ConsumerName, number[]>();
  /** Events that did not get their turn in time while nothing was wrong. */
  readonly turnedAway: string[] = [];

  onBegun(consumer: ConsumerName, at: number): void {
    const known = this.begun.get(consumer) ?? [];
    this.begun.set(consumer, [...known, at]);
  }

  /** Hears of a batch that was processed while nothing was wrong. */
  onCalmBatch(items: readonly BatchItem[]): void {
    const late = items.filter(
      ({ outcome }) => outcome?.status === 'released' && outcome.error instanceof NotBegunError,
    );
    this.turnedAway.push(...late.map(({ facts }) => facts.id));
  }
}
