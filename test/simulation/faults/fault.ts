/** One place of a source file, and its replacement while the file is loaded. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A deliberate fault: one place of the runtime's source, or two that guard the same. */
export interface Fault extends Edit {
  readonly also?: Edit;
  /** The first seed that the tests try. Set where few seeds show the fault, so that it is found within seconds. @default 1 */
  readonly firstSeed?: number;
}
