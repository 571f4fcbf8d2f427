/** A JSON number: the digits before and after the decimal point, and the exponent. */
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * Whether a number in a JSON text keeps its value when JavaScript reads it. `1.0` and `1e2` do. 9007199254740993 and
 * 0.1234567890123456789 do not, nor do numbers that become zero or infinite.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8259#section-6
 */
export function keepsNumber(source: string): boolean {
  const value = Number(source);
  return Number.isFinite(value) && decimalOf(source) === decimalOf(String(value));
}

/** A canonical form: the digits without zeros at the ends, and the exponent. Only equal numbers have the same form. */
function decimalOf(source: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(source) ?? [];
  const digits = whole + fraction;
  // Loops instead of a regular expression, whose time would grow with the square of the length for a number of megabytes.
  let [start, end] = [0, digits.length];
  while (start < end && digits[start] === '0') start++;
  while (end > start && digits[end - 1] === '0') end--;
  if (start === end) return '0';
  return `${digits.slice(start, end)}e${Number(exponent) - fraction.length + (digits.length - end)}`;
}
