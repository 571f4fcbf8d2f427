/** One problem of a JSON value. */
export interface Problem {
  /** JSON pointer (RFC 6901) to the invalid value, such as `/data/orderId`; `''` is the whole document. */
  readonly pointer: string;
  /** What is wrong, as a phrase that follows the pointer, such as `must be a string`. */
  readonly detail: string;
}

/** The JSON pointer of a path, with `~` and `/` escaped as RFC 6901 requires. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Writes several problems in one line, for logs and error messages. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems.map(({ pointer, detail }) => (pointer ? `${pointer} ${detail}` : detail)).join('; ');
}

/** The message of a thrown value. User code may throw anything, even a value that cannot be converted to a string. */
export function describeThrown(thrown: unknown): string {
  try {
    return thrown instanceof Error ? String(thrown.message) : String(thrown);
  } catch {
    // The value cannot be converted to a string.
    return 'a value that cannot be shown as text';
  }
}
