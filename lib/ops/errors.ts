/** Thrown when nothing in the deployment has this name; most likely it was mistyped. Nothing was changed. */
export class UnknownNameError extends RangeError {
  override readonly name = 'UnknownNameError';
}

/** Thrown when several deployments match and none was named. Nothing was done. */
export class AmbiguousNameError extends RangeError {
  override readonly name = 'AmbiguousNameError';
}

/** Thrown when a deployment, or a part of it that a command needs, could not be read. It is not known whether something is wrong there. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}
