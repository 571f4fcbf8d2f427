/** Something that is wrong with a deployment, that could not be read, or that is good to know. */
export interface Finding {
  /**
   * An error can lose events, give access to others or hide failures. A warning may be intended. `could not look` means that the state is not
   * known. An info is nothing wrong.
   */
  readonly severity: 'error' | 'warning' | 'could not look' | 'info';
  /** The type and the construct path of a resource, or a stack, an alarm, and so on. */
  readonly resource: string;
  readonly detail: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Path of the property that differs, such as `RedrivePolicy.maxReceiveCount`. */
  readonly property?: string;
  /** The value in the template, with its references resolved; JSON. Undefined when the template has none. */
  readonly synthesized?: unknown;
  /** The existing value. Undefined when there is none. */
  readonly deployed?: unknown;
}
