/**
 * The beginning of a text. It is never cut within a character, because DynamoDB, SQS and UTF-8 decoders refuse lone surrogates.
 *
 * @param maxCodePoints maximum number of Unicode code points
 */
export function clipText(text: string, maxCodePoints: number): string {
  const whole = text.toWellFormed();
  if (whole.length <= maxCodePoints) return whole;
  // A code point has at most two UTF-16 units, so this part of the text is enough.
  return Array.from(whole.slice(0, 2 * maxCodePoints))
    .slice(0, maxCodePoints)
    .join('')
    .toWellFormed();
}
