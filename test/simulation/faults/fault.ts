/** One place of a source, and what it is replaced with while the source is loaded. */
export interface Edit {
  readonly find: string;
  readonly replace: string;
}

/** A deliberate fault: one place of the runtime's source, or two of one file that guard the same. */
export interface Fault extends Edit {
  readonly file: string;
  readonly also?: Edit;
}
