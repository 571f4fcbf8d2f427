import { clipText } from '../../contracts/text/clip-text.ts';

/** What a terminal takes for orders, or draws so that something looks like what it is not. */
const ORDERS = /[\p{Cc}\p{Bidi_Control}\p{Cs}\u2028\u2029]/gu;

/** Text from outside, made safe for one line: control characters are shown by their names. */
export function plainText(text: string): string {
  return text.replace(ORDERS, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16).padStart(4, '0')}}`;
  });
}

/** @param width in characters at most */
export function shortened(text: string, width: number): string {
  return text.length > width ? `${clipText(text, width - 1)}…` : text;
}
