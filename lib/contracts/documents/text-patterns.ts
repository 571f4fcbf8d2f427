/**
 * What the doors refuse in texts, as patterns of the documents: with the flag `u`, and without properties of Unicode, which not every
 * language's expressions have. A test tries every code point at both.
 */

/** The last two code points of each plane, as surrogate pairs: `\u{1FFFE}` is not known everywhere. */
const LAST_OF_PLANES = Array.from({ length: 16 }, (_, plane) => {
  const last = String.fromCodePoint((plane + 1) * 0x10000 + 0xffff);
  const [high, low] = [last.charCodeAt(0), last.charCodeAt(1)];
  return [high, low - 1, high, low].map(escapeUnit).join('');
}).join('');

/** An attribute: no control characters, no halves of surrogate pairs, no noncharacters. */
export const CHARACTERS_PATTERN = String.raw`^[^\u0000-\u001F\u007F-\u009F\uD800-\uDFFF\uFDD0-\uFDEF\uFFFE\uFFFF${LAST_OF_PLANES}]*$`;

/** A text in the data: no half of a surrogate pair, and neither of the characters that SQS refuses. */
export const JSON_TEXT_PATTERN = String.raw`^[^\uD800-\uDFFF\uFFFE\uFFFF]*$`;

/** A text as a part of a pattern. */
export function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

function escapeUnit(unit: number): string {
  return String.raw`\u${unit.toString(16).toUpperCase().padStart(4, '0')}`;
}
