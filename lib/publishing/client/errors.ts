import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { describeProblems, type Problem } from '../../contracts/text/problem.ts';
import type { SendOutcome } from './sender.ts';

/** Thrown before anything is sent, when an event breaks its contract or the CloudEvents specification, or is too large. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';
  readonly problems: readonly Problem[];

  constructor(type: string, problems: readonly Problem[]) {
    super(`${type} is not sent: ${describeProblems(problems)}`);
    this.problems = problems;
  }
}

/** An event and its outcome. */
export interface PublishResult {
  readonly event: Envelope;
  readonly outcome: SendOutcome;
}

/** Thrown when some events could not be published. The others are published. */
export class PublishError extends Error {
  override readonly name = 'PublishError';
  /** The result of every event of the call, in its order. */
  readonly results: readonly PublishResult[];
  /** Whether it makes sense to publish again every event that failed. */
  readonly retryable: boolean;

  constructor(results: readonly PublishResult[]) {
    const failures = results.flatMap(({ outcome }) => (outcome.status === 'failed' ? [outcome] : []));
    const reasons = new Set(failures.map(({ code, message }) => `${code}: ${message}`));
    super(`${failures.length} of ${results.length} events are not published. ${[...reasons].join('; ')}`);
    this.results = results;
    this.retryable = failures.every(({ retryable }) => retryable);
  }
}
