/** A number as JSON writes it: its digits before and after the point, and its exponent. */
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * Whether a number of a JSON text keeps its value when JavaScript reads and writes it: `1.0` and `1e2` do, 9007199254740993 and
 * 0.1234567890123456789 do not, nor does what becomes zero or infinite.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259#section-6
 */
export function keepsNumber(source: string): boolean {
  const value = Number(source);
  return Number.isFinite(value) && decimalOf(source) === decimalOf(String(value));
}

/** Digits without zeros at the ends, and the power of ten that they are times: the same for equal numbers only. */
function decimalOf(source: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(source) ?? [];
  const digits = whole + fraction;
  // Loops, for a pattern at the end of a text of megabytes takes the square of its length.
  let [start, end] = [0, digits.length];
  while (start < end && digits[start] === '0') start++;
  while (end > start && digits[end - 1] === '0') end--;
  if (start === end) return '0';
  return `${digits.slice(start, end)}e${Number(exponent) - fraction.length + (digits.length - end)}`;
}
