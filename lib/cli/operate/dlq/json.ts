import type { DeadLetter } from '../../../ops/dead-letters/dead-letter.ts';
import type { ReasonCount } from '../../../ops/dead-letters/summarize.ts';
import { isoTimes } from '../../terminal/iso-times.ts';

const TIMES = ['firstAt', 'lastAt'];

/** A dead letter for `--json`, with times in ISO 8601. */
export function deadLetterJson(deadLetter: DeadLetter): object {
  return isoTimes(deadLetter, ...TIMES);
}

/** Reasons and their counts for `--json`, with times in ISO 8601. */
export function reasonsJson(reasons: readonly ReasonCount[]): readonly object[] {
  return reasons.map((reason) => isoTimes(reason, ...TIMES));
}
