import type { Problem } from '../text/problem.ts';
import { JsonReader } from './json-reader.ts';
import { endOfString } from './json-string.ts';
import { keepsNumber } from './number-text.ts';

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

/** The result of reading a text more carefully than JSON.parse. */
export interface Reading {
  /** Values that JSON.parse changes silently: numbers that a double cannot hold, and repeated names, of which it keeps the last. */
  readonly problems: readonly Problem[];
  readonly value: unknown;
}

/**
 * Reads a text again if JSON.parse may have changed it. V8 has a bug that can confuse a key with escapes with a key of another object that
 * had a backslash at the same position.
 *
 * @param text a text that JSON.parse has read, not nested too deep for recursion
 * @param members number of members of all objects in the parsed value. If the text has more, JSON.parse has dropped some.
 * @returns undefined when JSON.parse was correct
 * @see https://github.com/nodejs/node/issues/63785
 */
export function readCarefully(text: string, members: number): Reading | undefined {
  return isPlain(text, members) ? undefined : new JsonReader(text).read();
}

/** Whether JSON.parse was certainly correct. It is a fast pass that only counts, for the usual case. */
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

/** The position after a number, or -1 when JSON.parse has changed the number. */
function endOfNumber(text: string, start: number): number {
  let [end, needsCheck] = [start + 1, false];
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if ((code >= ZERO && code <= NINE) || code === POINT || code === PLUS || code === MINUS) continue;
    if (code !== SMALL_E && code !== CAPITAL_E) break;
    needsCheck = true;
  }
  needsCheck ||= end - start >= MANY_CHARACTERS;
  return needsCheck && !keepsNumber(text.slice(start, end)) ? -1 : end;
}
