/** Limits of one request of a batch operation. */
export interface BatchLimits {
  readonly maxEntries: number;
  /** Bytes of all entries together. */
  readonly maxBytes: number;
}

/** Splits entries into batches that keep both limits. The order stays the same. An entry over the limit gets its own batch. */
export function chunkEntries<T>(
  entries: readonly T[],
  bytesOf: (entry: T) => number,
  { maxEntries, maxBytes }: BatchLimits,
): T[][] {
  const chunks: T[][] = [];
  let current: T[] = [];
  let total = 0;
  for (const entry of entries) {
    const bytes = bytesOf(entry);
    if (current.length === maxEntries || (current.length > 0 && total + bytes > maxBytes)) {
      chunks.push(current);
      current = [];
      total = 0;
    }
    current.push(entry);
    total += bytes;
  }
  return current.length > 0 ? [...chunks, current] : chunks;
}
