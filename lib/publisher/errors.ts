import type { Envelope } from '../contracts/envelope.ts';
import { describeProblems, type Problem } from '../contracts/problem.ts';
import type { SendOutcome } from './sender.ts';

/** Thrown before anything is sent: an event breaks its contract or the rules of CloudEvents, or is too large. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
  readonly problems: readonly Problem[];

  constructor(type: string, problems: readonly Problem[]) {
    super(`${type} is not sent: ${describeProblems(problems)}`);
    this.problems = problems;
  }
}

/** An event and what became of it. */
export interface Fate {
  readonly event: Envelope;
  readonly outcome: SendOutcome;
}

/** Thrown when some events could not be published; those that were stay published. */
export class PublishFailure extends Error {
  override readonly name = 'PublishFailure';
  /** Every event of the call, in its order. */
  readonly fates: readonly Fate[];
  /** Whether every event that is not published may be taken another time. */
  readonly retryable: boolean;

  constructor(fates: readonly Fate[]) {
    const failures = fates.flatMap(({ outcome }) => (outcome.status === 'failed' ? [outcome] : []));
    const reasons = new Set(failures.map(({ code, message }) => `${code}: ${message}`));
    super(`${failures.length} of ${fates.length} events are not published. ${[...reasons].join('; ')}`);
    this.fates = fates;
    this.retryable = failures.every(({ retryable }) => retryable);
  }
}
