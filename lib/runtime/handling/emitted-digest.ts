import { createHash } from 'node:crypto';
import type { Envelope } from '../../contracts/envelope/envelope.ts';

/** Enough to distinguish two events that were emitted under one id. It is only a hint for a log line. */
const DIGEST_CHARACTERS = 8;

/** A short digest of an emitted event, without its time and trace, which differ between attempts. */
export function digestOf({ type, subject, partitionkey, data }: Envelope): string {
  return createHash('sha256')
    .update(JSON.stringify([type, subject, partitionkey, data]))
    .digest('hex')
    .slice(0, DIGEST_CHARACTERS);
}

/** Positions at which two attempts have emitted different events under the same id. */
export function differingPositions(earlier: readonly string[], now: readonly string[]): readonly number[] {
  return now.flatMap((digest, position) => {
    const before = earlier[position];
    return before === undefined || before === digest ? [] : [position];
  });
}
