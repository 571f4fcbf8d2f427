const BACKSLASH = 0x5c;

/**
 * The position of the quotation mark that ends a string; one after an odd number of backslashes is a part of it.
 *
 * @param start of the one that begins it, in a text that is known to be JSON
 */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end;
  }
}
