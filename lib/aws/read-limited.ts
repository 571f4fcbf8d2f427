/**
 * Reads the whole body of an answer, if it has at most `maxBytes` bytes.
 *
 * @returns undefined when the body is longer; the rest is not read
 */
export async function readLimited(answer: Response, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    // Returning from the loop closes the connection.
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
