import type { ReadEvent } from '../../../archive/read/read-line.ts';
import { wholeEvent } from '../../../archive/read/selection.ts';
import { withShortLink } from '../../../contracts/text/short-links.ts';
import type { ArchiveState } from '../../../ops/archive/open-archive.ts';
import type { EventsRead, UnreadableObject } from '../../../ops/archive/read-events.ts';
import { describeProblem } from '../../../ops/problem.ts';
import { formatTime } from '../../terminal/format-time.ts';
import { plainText, shortened } from '../../terminal/plain-text.ts';

/** So much of the data is shown where nothing limits the line. */
const DATA_WIDTH = 200;
/** Of more objects there is only the number. */
const MOST_OBJECTS = 20;

/** An archived event in one line. @param width of the line, in characters at most */
export function eventLine(read: ReadEvent, width: number): string {
  const { type, source, id, subject = '' } = read.event;
  const data = shortened(plainText(JSON.stringify(wholeEvent(read).data) ?? ''), DATA_WIDTH);
  const names = plainText(`${type}  ${source}  ${id}  ${subject}`).trimEnd();
  return shortened(`${formatTime(read.arrivedAt)}  ${names}  ${data}`.trimEnd(), width);
}

/** An archived event for `--json`: with its large data, as a handler gets it. A link to data is shortened. */
export function eventJson(read: ReadEvent): object {
  const { arrivedAt, sequence } = read.archived;
  return { arrivedAt, sequence, event: withShortLink(wholeEvent(read)) };
}

/** What was read, for `--json`. */
export function sumsJson({ state, ...sums }: EventsRead): object {
  const { watermark, missing, problems } = state;
  return {
    ...sums,
    watermark: watermark === null ? null : new Date(watermark).toISOString(),
    missing,
    ...(problems.length > 0 && { problems }),
  };
}

/** What was read, in lines for a person. @param to end of what was asked for, in epoch milliseconds */
export function describeSums(read: EventsRead, to: number): readonly string[] {
  const { events, repeated, unreadable, withoutMark, limited, state } = read;
  const more = limited ? ', and there may be more: --limit ended the list' : '';
  return [
    `${count(events, 'event')}${more}${repeated > 0 ? `; ${count(repeated, 'message')} left out that came before` : ''}`,
    ...(withoutMark.length > 0
      ? [plainText(`No object of this range has a mark of ${withoutMark.join(', ')}: it has no such event`)]
      : []),
    ...unreadable.slice(0, MOST_OBJECTS).map(unreadableLine),
    ...(unreadable.length > MOST_OBJECTS
      ? [`! and ${count(unreadable.length - MOST_OBJECTS, 'object')} more could not be read`]
      : []),
    ...describeState(state, to),
  ];
}

function unreadableLine({ key, lines, reason }: UnreadableObject): string {
  const howMany = lines > 1 ? `, and ${count(lines - 1, 'line')} more` : '';
  return plainText(`! ${key} could not be read as a whole: ${reason}${howMany}`);
}

/** Why `--follow` is silent, in lines for a person. */
export function describeStall({ watermark, problems }: ArchiveState): readonly string[] {
  const isWaiting = 'events are shown when everything that arrived before them is in it';
  return [
    watermark === null
      ? `? nothing is shown: up to when the archive is complete is not known; ${isWaiting}`
      : `? nothing is shown: the archive is complete up to ${formatTime(watermark)} and no further; ${isWaiting}`,
    ...problems.map((problem) => plainText(`? ${describeProblem(problem)}`)),
  ];
}

function describeState({ watermark, missing, problems }: ArchiveState, to: number): readonly string[] {
  return [
    watermark === null
      ? '? up to when the archive is complete is not known: its queue holds messages of no known age'
      : `The archive is complete up to ${formatTime(watermark)}${watermark < to && Number.isFinite(to) ? '; what arrived later may be missing here' : ''}`,
    ...(missing !== null && missing > 0
      ? [`! ${count(missing, 'message')} could not be archived: see the dead-letter queues of the archive`]
      : []),
    ...problems.map((problem) => plainText(`? ${describeProblem(problem)}`)),
  ];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
