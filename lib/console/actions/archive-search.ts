import * as z from 'zod';
import { readWhere, type Wanted } from '../../archive/read/selection.ts';
import { MOMENT_EXAMPLES, readMoment } from '../../ops/archive/read-moment.ts';
import { ActionError } from '../action.ts';

const text = z.string().trim();

/** What the page sends to choose events of the archive, as a person has typed it. */
export const searchBody = z.object({
  from: text,
  /** @default - now */
  to: text.optional(),
  type: text.optional(),
  source: text.optional(),
  subject: text.optional(),
  correlationId: text.optional(),
  where: text.optional(),
});

/** Reads what was typed. @throws ActionError that says what is wrong with it */
export function wantedOf({ from, to, type, source, where, ...others }: z.output<typeof searchBody>): Wanted {
  const now = Date.now();
  return {
    from: momentOf(from, now),
    to: to ? momentOf(to, now) : now,
    types: type ? [type] : undefined,
    sources: source ? [source] : undefined,
    subject: others.subject || undefined,
    correlationId: others.correlationId || undefined,
    where: where ? policyOf(where) : undefined,
  };
}

function momentOf(typed: string, now: number): number {
  const at = readMoment(typed, now);
  if (at === undefined) throw new ActionError(400, `'${typed}' is no time: say ${MOMENT_EXAMPLES}`);
  return at;
}

function policyOf(typed: string): Wanted['where'] {
  try {
    return readWhere(typed);
  } catch (cause) {
    // The message says what is wrong with what was typed.
    throw new ActionError(400, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
