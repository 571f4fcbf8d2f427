/**
 * Patterns of allowed texts, for the documents. They have the flag `u` but no Unicode properties, which some languages do not support. A
 * test compares them with the code for every code point.
 */

/** The last two code points of each plane, as surrogate pairs, because some languages do not support `\u{1FFFE}`. */
const LAST_OF_PLANES = Array.from({ length: 16 }, (_, plane) => {
  const last = String.fromCodePoint((plane + 1) * 0x10000 + 0xffff);
  const [high, low] = [last.charCodeAt(0), last.charCodeAt(1)];
  return [high, low - 1, high, low].map(escapeUnit).join('');
}).join('');

/** Texts of attributes: no control characters, no lone surrogates, no noncharacters. */
export const CHARACTERS_PATTERN = String.raw`^[^\u0000-\u001F\u007F-\u009F\uD800-\uDFFF\uFDD0-\uFDEF\uFFFE\uFFFF${LAST_OF_PLANES}]*$`;

/** Texts in the data: no lone surrogates, and none of the two characters that SQS refuses. */
export const JSON_TEXT_PATTERN = String.raw`^[^\uD800-\uDFFF\uFFFE\uFFFF]*$`;

/** Escapes a text for a pattern. */
export function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

function escapeUnit(unit: number): string {
  return String.raw`\u${unit.toString(16).toUpperCase().padStart(4, '0')}`;
}
