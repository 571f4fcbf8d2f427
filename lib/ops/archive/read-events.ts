import { setTimeout as sleep } from 'node:timers/promises';
import { createDeduper } from '../../archive/read/deduper.ts';
import { noteMarks } from '../../archive/read/note-marks.ts';
import { readArchive } from '../../archive/read/read-archive.ts';
import type { ArchivedLine, ArchiveProblem } from '../../archive/read/read-object.ts';
import { createSelection, type Wanted } from '../../archive/read/selection.ts';
import type { ArchiveState, OpenArchive } from './open-archive.ts';

export interface EventsRequest {
  readonly wanted: Wanted;
  /** Ends the reading after so many events. @default - all */
  readonly limit?: number | undefined;
  /** Called for each event. The next one is read when it has resolved. */
  readonly onEvent: (event: ArchivedLine) => Promise<void> | void;
  /** Ends the reading early, without an error. */
  readonly signal?: AbortSignal | undefined;
}

export interface FollowRequest extends EventsRequest {
  readonly signal: AbortSignal;
  /** How long it waits before it looks again how far the archive is. */
  readonly pollMs: number;
  /** Called once when the archive has come no further for more than a minute: until then nothing is read. */
  readonly onStall: (state: ArchiveState) => void;
}

/** A watermark moves with every look while nothing waits, and with every batch otherwise. */
const STALL_MS = 60_000;

/** An object of which something could not be read. */
export interface UnreadableObject {
  readonly key: string;
  /** How many of its lines are no lines; 0 when something else is wrong. */
  readonly lines: number;
  /** What was wrong first, with its line. */
  readonly reason: string;
}

/** What was read of the archive. */
export interface EventsRead {
  readonly events: number;
  /** Messages that were left out because they are in the archive more than once. */
  readonly repeated: number;
  readonly unreadable: readonly UnreadableObject[];
  /** Types that were asked for and that no object of the range has a mark of; none when the reading was ended early. */
  readonly withoutMark: readonly string[];
  /** Whether the limit has ended the reading. */
  readonly limited: boolean;
  /** How far the archive was when the reading began. */
  readonly state: ArchiveState;
}

/**
 * Reads events of the archive in the order in which they arrived, nearly. It costs a request to S3 for each object of the range, but for those
 * whose keys exclude what is wanted.
 *
 * @throws RangeError when the filter policy in `wanted` is none
 * @throws the error of S3 when the objects cannot be listed
 */
export async function readEvents(archive: OpenArchive, request: EventsRequest): Promise<EventsRead> {
  const reading = beginReading(archive, request);
  const look = await archive.beginLook();
  await reading.read(request.wanted);
  return { ...reading.sums(), state: await look() };
}

/**
 * Reads the same, and goes on with what arrives, until the end of the range or the signal. Only what is before the watermark is read, so nothing
 * is left out: an event comes when every one that arrived before it is in the archive, minutes after it was published.
 */
export async function followEvents(archive: OpenArchive, request: FollowRequest): Promise<EventsRead> {
  const { wanted, signal, pollMs } = request;
  const noteLook = watchForStall(request.onStall);
  const reading = beginReading(archive, request);
  let { from } = wanted;
  for (;;) {
    const state = await (await archive.beginLook())();
    noteLook(state);
    const to = Math.min(state.watermark ?? from, wanted.to);
    if (to > from) {
      await reading.read({ ...wanted, from, to });
      from = to;
    }
    if (signal.aborted || from >= wanted.to || reading.sums().limited) return { ...reading.sums(), state };
    // The signal ends the loop above.
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

function watchForStall(onStall: FollowRequest['onStall']): (state: ArchiveState) => void {
  let last: { readonly watermark: number | null; readonly since: number } | undefined;
  let isTold = false;
  return (state) => {
    const now = Date.now();
    if (last?.watermark !== state.watermark) {
      last = { watermark: state.watermark, since: now };
      isTold = false;
    } else if (!isTold && now - last.since > STALL_MS) {
      isTold = true;
      onStall(state);
    }
  };
}

function beginReading({ store }: OpenArchive, { wanted: { types }, limit, onEvent, signal }: EventsRequest) {
  const deduper = createDeduper();
  const unreadable = new Map<string, UnreadableObject>();
  const marks = noteMarks(types ?? []);
  let events = 0;
  const onProblem = (problem: ArchiveProblem): void => {
    unreadable.set(problem.key, withProblem(unreadable.get(problem.key), problem));
  };
  return {
    read: async (wanted: Wanted): Promise<void> => {
      const selection = createSelection(wanted);
      for await (const line of readArchive(store, {
        ...{ selection, onProblem, deduper, signal },
        onObject: ({ facts }) => marks.note(facts),
      })) {
        events += 1;
        await onEvent(line);
        if (events === limit) return;
      }
    },
    sums: () => ({
      events,
      repeated: deduper.repeated,
      unreadable: [...unreadable.values()],
      withoutMark: events === limit || signal?.aborted ? [] : marks.missing(),
      limited: events === limit,
    }),
  };
}

function withProblem(
  before: UnreadableObject | undefined,
  { key, line, reason }: ArchiveProblem,
): UnreadableObject {
  const lines = line === undefined ? 0 : 1;
  if (before) return { ...before, lines: before.lines + lines };
  return { key, lines, reason: line === undefined ? reason : `line ${line}: ${reason}` };
}
