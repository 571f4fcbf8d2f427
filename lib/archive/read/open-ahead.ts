import type { Readable } from 'node:stream';
import type { ArchiveStore } from './archive-store.ts';

/** A store that opens objects before they are asked for, because each takes as long as a request. */
export interface AheadStore extends ArchiveStore {
  /** Begins to open an object. */
  prepare(key: string): void;
  /** Closes what was opened and not asked for. */
  close(): Promise<void>;
}

/** An opened object that nobody reads is only a connection: S3 sends no more than what fits into its buffers. */
export function openAhead(store: ArchiveStore): AheadStore {
  const prepared = new Map<string, Promise<Readable>>();
  return {
    list: (...of) => store.list(...of),
    prepare: (key) => {
      const opening = store.open(key);
      // Who asks for the object gets the error, be it of the opening or of the connection until then.
      opening.then(ignoreErrors, () => undefined);
      prepared.set(key, opening);
    },
    open: (key) => {
      const opened = prepared.get(key);
      prepared.delete(key);
      return opened ?? store.open(key);
    },
    close: async () => {
      const opened = await Promise.allSettled(prepared.values());
      for (const one of opened) if (one.status === 'fulfilled') one.value.destroy();
      prepared.clear();
    },
  };
}

function ignoreErrors(stream: Readable): void {
  // An error that nobody listens for would end the process. The stream keeps it for its reader.
  stream.on('error', () => undefined);
}
