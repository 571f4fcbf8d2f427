import { identityOf } from '../envelope/envelope.ts';
import { clipText } from '../text/clip-text.ts';
import type { TextAttribute } from './reason-attributes.ts';

/**
 * What a replay is for.
 *
 * - `fill`: events that were missed. An event that the consumer has handled is a duplicate, as if its message came twice
 * - `again`: events whose effects are wanted once more. An event takes effect once in each such replay
 */
export type ReplayMode = 'fill' | 'again';

/** The replay that has sent a message from the archive. */
export interface Replay {
  /** 1 to 64 letters, digits, `-` or `_`; the first is a letter or a digit. */
  readonly id: string;
  readonly mode: ReplayMode;
}

/** A message attribute, as far as it matters whether it is a text. */
interface Attribute {
  readonly stringValue?: string | undefined;
}

/** The message attributes of a message from the archive. Any message that has one of them has to have both. */
export const REPLAY_ATTRIBUTE = 'replay';
export const REPLAY_MODE_ATTRIBUTE = 'replaymode';

const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
/** Enough of a wrong value to recognize it. */
const SHOWN_CHARACTERS = 80;

/** Whether a text can be the id of a replay. */
export function isReplayId(id: string): boolean {
  return ID.test(id);
}

/** The attributes that a replay sets on each of its messages, in the form of SQS. */
export function replayAttributes({ id, mode }: Replay): Readonly<Record<string, TextAttribute>> {
  return {
    [REPLAY_ATTRIBUTE]: { DataType: 'String', StringValue: id },
    [REPLAY_MODE_ATTRIBUTE]: { DataType: 'String', StringValue: mode },
  };
}

/**
 * The replay that has sent a message; undefined when no replay has.
 *
 * @throws RangeError when an attribute is missing, or has a value that no replay sets
 */
export function readReplay(attributes: Readonly<Partial<Record<string, Attribute>>>): Replay | undefined {
  const { [REPLAY_ATTRIBUTE]: replay, [REPLAY_MODE_ATTRIBUTE]: replayMode } = attributes;
  if (!replay && !replayMode) return undefined;
  const { stringValue: id } = replay ?? {};
  const { stringValue: mode } = replayMode ?? {};
  if (id === undefined || !isReplayId(id)) throw wrong(REPLAY_ATTRIBUTE, id, 'the id of a replay');
  if (mode !== 'fill' && mode !== 'again') throw wrong(REPLAY_MODE_ATTRIBUTE, mode, "'fill' or 'again'");
  return { id, mode };
}

function wrong(name: string, value: string | undefined, wanted: string): RangeError {
  const is = value === undefined ? 'has no text' : `is '${clipText(value, SHOWN_CHARACTERS)}'`;
  return new RangeError(`its message attribute ${name} ${is}, which is not ${wanted}`);
}

/**
 * The key of an event's idempotency record: `<source>|<id>`, and `<source> <replay id>|<id>` for a replay that repeats effects. No source
 * has a space in it, so no event has the key of a replay of another.
 */
export function recordKey(
  event: { readonly source: string; readonly id: string },
  replay: Replay | undefined,
): string {
  return replay?.mode === 'again' ? `${event.source} ${replay.id}|${event.id}` : identityOf(event);
}

/** The event of an idempotency record, and the replay that has repeated its effects; undefined when it is no record of an event. */
export function readRecordKey(
  key: string,
): { readonly source: string; readonly id: string; readonly again?: string | undefined } | undefined {
  const bar = key.indexOf('|');
  if (bar < 0) return undefined;
  const [source = '', again] = key.slice(0, bar).split(' ');
  return { source, id: key.slice(bar + 1), again };
}
