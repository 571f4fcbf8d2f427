import * as z from 'zod';
import type { ReadEvent } from '../../archive/read/read-line.ts';
import { readWhere, type Wanted, wholeEvent } from '../../archive/read/selection.ts';
import { withShortLink } from '../../contracts/text/short-links.ts';
import { openArchive } from '../../ops/archive/open-archive.ts';
import { readEvents } from '../../ops/archive/read-events.ts';
import { MOMENT_EXAMPLES, readMoment } from '../../ops/archive/read-moment.ts';
import { type Action, ActionError, query } from '../action.ts';
import type { ConsoleContext } from '../console-context.ts';
import type { ArchivedEvents, FoundEvent } from '../shapes.ts';
import { checked } from './checked.ts';

/** Maximum number of events on the page. The command line lists all. */
const MAX_SHOWN = 200;
/** A search that takes longer ends with what it has found: its page may have been left. */
const MAX_SEARCH_MS = 30_000;

const text = z.string().trim();
const searchBody = z.object({
  from: text,
  to: text.optional(),
  type: text.optional(),
  source: text.optional(),
  subject: text.optional(),
  correlationId: text.optional(),
  where: text.optional(),
});

/** The action that searches the archive, if the bus has one. */
export function archiveActions({ clients, deployment, place }: ConsoleContext): readonly Action[] {
  if (deployment.archives.every(({ bus }) => bus !== deployment.stackName)) return [];
  const search = query('/api/archive', async (_, body, closing) => {
    const wanted = wantedOf(checked(searchBody, body));
    const found: FoundEvent[] = [];
    const time = AbortSignal.timeout(MAX_SEARCH_MS);
    const archive = await openArchive(clients, deployment, place);
    const { repeated, unreadable, limited, state } = await readEvents(archive, {
      wanted,
      limit: MAX_SHOWN,
      signal: AbortSignal.any([closing, time]),
      onEvent: (event) => void found.push(foundOf(event)),
    });
    return {
      ...{ events: found, repeated, unreadable, more: limited || time.aborted },
      ...{ watermark: state.watermark, missing: state.missing, problems: state.problems },
    } satisfies ArchivedEvents;
  });
  return [search];
}

function wantedOf({ from, to, type, source, where, ...others }: z.output<typeof searchBody>): Wanted {
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

function foundOf(read: ReadEvent): FoundEvent {
  const { id, source, type, subject = '' } = read.event;
  const whole = withShortLink(wholeEvent(read));
  return { arrivedAt: read.arrivedAt, id, source, type, subject, text: JSON.stringify(whole, null, 2) };
}
