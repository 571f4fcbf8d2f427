import { JsonReader } from './json-reader.ts';
import { endOfString } from './json-string.ts';
import { keepsNumber } from './number-text.ts';
import type { Problem } from './problem.ts';

const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const CAPITAL_E = 0x45;
const BACKSLASH = 0x5c;
const SMALL_E = 0x65;
/** A double keeps every decimal of up to 15 digits. @see https://en.cppreference.com/w/cpp/types/numeric_limits/digits10 */
const MANY_CHARACTERS = 16;

/** A text read more carefully than JSON.parse does. */
export interface Reading {
  /** What JSON.parse changes without a word: numbers that a double does not hold, and members of one name, of which it keeps the last. */
  readonly problems: readonly Problem[];
  readonly value: unknown;
}

/**
 * Reads a text again if JSON.parse may have changed it. V8 also takes one key for another when it has escapes and another object,
 * of whatever text, had a key with a backslash in the same place.
 *
 * @param text that JSON.parse has read; no deeper than a recursion may go
 * @param members how many members the objects of the parsed value have. Every further one of the text has been dropped.
 * @returns undefined when JSON.parse was right
 * @see https://github.com/nodejs/node/issues/63785
 */
export function readCarefully(text: string, members: number): Reading | undefined {
  return isPlain(text, members) ? undefined : new JsonReader(text).read();
}

/** One fast pass for the usual case that nothing is wrong: it counts, and does not know where it is. */
function isPlain(text: string, members: number): boolean {
  let [colons, latest] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      latest = at;
      at = endOfString(text, at);
    } else if (code === COLON) {
      colons++;
      if (hasEscape(text, latest)) return false;
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfNumber(text, at);
      if (end < 0) return false;
      at = end - 1;
    }
  }
  return colons === members;
}

function hasEscape(text: string, start: number): boolean {
  for (let at = start + 1; ; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) return true;
    if (code === QUOTE) return false;
  }
}

/** The position after a number, or -1 when JSON.parse has altered it. */
function endOfNumber(text: string, start: number): number {
  let [end, doubtful] = [start + 1, false];
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if ((code >= ZERO && code <= NINE) || code === POINT || code === PLUS || code === MINUS) continue;
    if (code !== SMALL_E && code !== CAPITAL_E) break;
    doubtful = true;
  }
  doubtful ||= end - start >= MANY_CHARACTERS;
  return doubtful && !keepsNumber(text.slice(start, end)) ? -1 : end;
}
