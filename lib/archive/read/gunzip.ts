import { createGunzip } from 'node:zlib';

/** How much is handed to zlib at once. Deflate makes at most a thousand bytes of one, so this bounds what is in memory: 16 MB. */
const PIECE = 16_384;

/**
 * Decompresses a stream piece by piece. In contrast to a pipe, it gives everything that was decompressed before it throws: a pipe that fails
 * drops what is in its buffer.
 *
 * @throws the error of zlib, whose code begins with `Z_`, when the bytes are no gzip, or end too early
 */
export async function* gunzip(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // It is never full, because it is emptied after each piece.
  const stream = createGunzip({ readableHighWaterMark: Number.MAX_SAFE_INTEGER } as object);
  let failure: Error | undefined;
  let wake = (): void => undefined;
  stream.on('error', (error) => {
    failure = error;
    // zlib does not call back for a piece that it cannot decompress.
    wake();
  });
  const step = async (begin: (done: () => void) => void): Promise<readonly Buffer[]> => {
    await new Promise<void>((resolve) => {
      wake = resolve;
      begin(resolve);
    });
    const output: unknown = stream.read();
    return Buffer.isBuffer(output) ? [output] : [];
  };
  try {
    for await (const chunk of chunks) {
      for (let start = 0; start < chunk.length; start += PIECE) {
        yield* await step((done) => stream.write(chunk.subarray(start, start + PIECE), () => done()));
        if (failure) throw failure;
      }
    }
    yield* await step((done) => stream.end(() => done()));
    // Whether the end is that of a gzip is known only now, when everything is read.
    yield* await step((done) => stream.once('close', done).resume());
    if (failure) throw failure;
  } finally {
    stream.destroy();
  }
}
