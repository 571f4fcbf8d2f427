/**
 * The beginning of a text, cut between characters: half of a surrogate pair is refused by DynamoDB, SQS and every UTF-8 decoder.
 *
 * @param maxCodePoints how many Unicode code points it may have
 */
export function clipText(text: string, maxCodePoints: number): string {
  const whole = text.toWellFormed();
  if (whole.length <= maxCodePoints) return whole;
  // A code point has two UTF-16 units at most, so no more of the text has to be looked at.
  return Array.from(whole.slice(0, 2 * maxCodePoints))
    .slice(0, maxCodePoints)
    .join('')
    .toWellFormed();
}
