import { clipText } from '../../contracts/text/clip-text.ts';
import type { DeadLetter } from './dead-letter.ts';

/** Number of dead letters with the same reason. */
export interface ReasonCount {
  readonly count: number;
  readonly errorName: string;
  /** The error message, with `…` in place of ids, numbers and quoted texts, which differ from event to event. */
  readonly message: string;
  readonly type?: string | undefined;
  /** Times of the first and the last failure, epoch milliseconds. */
  readonly firstAt?: number | undefined;
  readonly lastAt?: number | undefined;
}

const MAX_CHARACTERS = 200;
/** Quoted texts, addresses, ids, and words with a digit: the parts of an error message that differ from event to event. */
const VARIABLE = /"[^"]*"|(?<!\w)'[^']*'(?!\w)|`[^`]*`|\S+@\S+|[a-z]+:\/\/\S+|[\w.:/-]*\d[\w.:/-]*/gi;

/** Counts dead letters by reason: error name, error message and event type. */
export class ReasonSummary {
  readonly #counts = new Map<string, ReasonCount>();

  add({ errorName, errorMessage, type, lastAt, firstAt }: DeadLetter): void {
    const message = withoutVariableParts(errorMessage);
    const key = JSON.stringify([errorName, message, type]);
    const known = this.#counts.get(key);
    const at = lastAt ?? firstAt;
    this.#counts.set(key, {
      count: (known?.count ?? 0) + 1,
      errorName,
      message,
      type,
      firstAt: earliest(known?.firstAt, at),
      lastAt: latest(known?.lastAt, at),
    });
  }

  /** All reasons, the most frequent first. */
  get reasons(): readonly ReasonCount[] {
    return [...this.#counts.values()].toSorted((a, b) => b.count - a.count);
  }
}

/** An error message with `…` in place of the parts that differ from event to event. */
export function withoutVariableParts(message: string): string {
  return clipText(message, MAX_CHARACTERS).replace(VARIABLE, '…').replaceAll(/\s+/g, ' ').trim();
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
