/** Something that a deployment should not have. */
export interface Finding {
  /** An error loses events or keeps trouble hidden; a warning may be as somebody wanted it. */
  readonly severity: 'error' | 'warning';
  /** What it is about: a consumer's queue, an alarm ... */
  readonly resource: string;
  readonly detail: string;
  /** What to do about it. */
  readonly remedy: string;
}
