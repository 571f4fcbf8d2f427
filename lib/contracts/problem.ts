/** One thing that is wrong with a JSON value, and where: a JSON Pointer (RFC 6901) and a sentence. */
export interface Problem {
  /** JSON Pointer to the offending value; `''` is the whole document. */
  readonly pointer: string;
  readonly detail: string;
}

/** Builds the JSON Pointer of a path, escaping `~` and `/` as RFC 6901 asks. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Says several problems in one line, for logs and error messages. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems.map(({ pointer, detail }) => (pointer ? `${pointer} ${detail}` : detail)).join('; ');
}

/** What a thrown value says of itself; code of others may throw anything, also what cannot be made a text. */
export function describeThrown(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : String(thrown);
  } catch {
    // The value cannot be described, and that is all that can be said of it.
    return 'something that has no text';
  }
}
