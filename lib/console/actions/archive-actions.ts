import type { ReadEvent } from '../../archive/read/read-line.ts';
import { wholeEvent } from '../../archive/read/selection.ts';
import { withShortLink } from '../../contracts/text/short-links.ts';
import { openArchive } from '../../ops/archive/open-archive.ts';
import { readEvents } from '../../ops/archive/read-events.ts';
import { type Action, query } from '../action.ts';
import type { ConsoleContext } from '../console-context.ts';
import type { ArchivedEvents, FoundEvent } from '../shapes.ts';
import { searchBody, wantedOf } from './archive-search.ts';
import { checked } from './checked.ts';

/** Maximum number of events on the page. The command line lists all. */
const MAX_SHOWN = 200;
/** A search that takes longer ends with what it has found: its page may have been left. */
const MAX_SEARCH_MS = 30_000;

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
      ...{ from: wanted.from, to: wanted.to },
      ...{ events: found, repeated, unreadable, more: limited || time.aborted },
      ...{ watermark: state.watermark, missing: state.missing, problems: state.problems },
    } satisfies ArchivedEvents;
  });
  return [search];
}

function foundOf(read: ReadEvent): FoundEvent {
  const { id, source, type, subject = '' } = read.event;
  const whole = withShortLink(wholeEvent(read));
  return { arrivedAt: read.arrivedAt, id, source, type, subject, text: JSON.stringify(whole, null, 2) };
}
