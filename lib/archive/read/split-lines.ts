/** A line of a stream: its text, or that it was longer than allowed. */
export type SplitLine = { readonly text: string } | { readonly tooLong: true };

const NEWLINE = 0x0a;

/**
 * Splits bytes into lines of UTF-8. It keeps at most one line in memory, and of a line that is too long, nothing. A last line without a
 * newline is a line too.
 *
 * @param maxBytes maximum bytes of a line
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<SplitLine[]> {
  let parts: Buffer[] = [];
  let size = 0;
  const take = (part: Buffer): void => {
    size += part.length;
    if (size <= maxBytes) parts.push(part);
    else parts = [];
  };
  const end = (): SplitLine => {
    const line: SplitLine = size > maxBytes ? { tooLong: true } : { text: textOf(parts) };
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    const lines: SplitLine[] = [];
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      take(chunk.subarray(start, at));
      lines.push(end());
      start = at + 1;
    }
    if (start < chunk.length) take(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (size > 0) yield [end()];
}

function textOf(parts: readonly Buffer[]): string {
  const [only] = parts;
  return (parts.length === 1 && only ? only : Buffer.concat(parts)).toString('utf8');
}
