const BACKSLASH = 0x5c;

/**
 * The position of the quotation mark that ends a string. A quotation mark after an odd number of backslashes belongs to the string.
 *
 * @param text valid JSON
 * @param start position of the quotation mark that begins the string
 */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
}
