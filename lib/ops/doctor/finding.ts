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

const ORDER: readonly Finding['severity'][] = ['error', 'could not look', 'warning', 'info'];

/** Sorts findings: what is worst comes first, and of one severity by the name of the resource. */
export function bySeverity(a: Finding, b: Finding): number {
  return ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || a.resource.localeCompare(b.resource);
}
