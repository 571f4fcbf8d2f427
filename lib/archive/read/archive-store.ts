import type { Readable } from 'node:stream';

/** An object of the archive, as a listing has it. */
export interface StoredObject {
  readonly key: string;
  /** Size of the compressed object. */
  readonly bytes: number;
}

/** Where the objects of an archive are: the one thing that its readers in Lambda and on an operator's machine need. */
export interface ArchiveStore {
  /**
   * All objects whose keys begin with `prefix`, in the order of their keys.
   *
   * @param after only keys that come after this text, which need not be a key. @default - from the beginning
   */
  list(prefix: string, after?: string): AsyncIterable<StoredObject>;
  /**
   * Opens the compressed bytes of an object. The caller reads the stream to its end, or destroys it.
   *
   * @throws the error of the store, as when the object does not exist, or lies in a storage class that must be restored first
   */
  open(key: string): Promise<Readable>;
}
