/** What one request of a batch operation takes. */
export interface BatchLimits {
  readonly maxEntries: number;
  /** Of all entries together. */
  readonly maxBytes: number;
}

/** Cuts entries into batches that keep both limits, in their order. An entry over the limit gets a batch of its own. */
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
