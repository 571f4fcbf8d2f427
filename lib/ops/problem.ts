import { requestOf } from './note-request.ts';

/** A part of a deployment that could not be read. */
export interface Problem {
  /** Its kind, such as `dead-letter queue`. */
  readonly resource: string;
  /** Its physical name. */
  readonly name: string;
  /** Whether AWS answered that it does not exist. Otherwise its state is not known. */
  readonly missing: boolean;
  /** The error of AWS. */
  readonly reason: string;
}

/** The value that was read, or null and the problem. */
export interface Attempt<T> {
  readonly value: T | null;
  /** At most one. */
  readonly problems: readonly Problem[];
}

/** Names of the errors by which services say that something does not exist. */
const MISSING = new Set([
  'QueueDoesNotExist',
  'AWS.SimpleQueueService.NonExistentQueue',
  'NotFound',
  'NotFoundException',
  'ParameterNotFound',
  'ResourceNotFound',
  'ResourceNotFoundException',
]);

/** Reads one part of a deployment. A failure becomes a problem, so that the other parts are still read. */
export async function attempt<T>(
  { resource, name }: Pick<Problem, 'resource' | 'name'>,
  reading: Promise<T>,
): Promise<Attempt<T>> {
  try {
    return { value: await reading, problems: [] };
  } catch (error) {
    // The caller reports the problem together with the other parts.
    return {
      value: null,
      problems: [{ resource, name, missing: isMissing(error), reason: reasonOf(error) }],
    };
  }
}

/** The answer of a request; undefined when the resource does not exist. */
export async function undefinedIfMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    // The caller decides what a missing resource means.
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && MISSING.has(error.name);
}

/** A problem in one line: `dead-letter queue shop-dev-Email-... does not exist`. */
export function describeProblem({ resource, name, missing, reason }: Problem): string {
  const what = name === '' ? resource : `${resource} ${name}`;
  return missing ? `${what} does not exist` : `${what} cannot be read: ${reason}`;
}

/**
 * The reason of an error, in one line: `QueueDoesNotExist: The specified queue does not exist (GetQueueAttributes of queue ...)`. The error of a
 * refused connection has no message, so its code is used.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const message = error.message || code;
  const request = requestOf(error);
  const reason =
    error.name === 'Error' || message.includes(error.name) ? message : `${error.name}: ${message}`;
  return request === undefined ? reason : `${reason} (${request})`;
}

/** The message of an error. For an error of AWS, with its name and the request, because messages of AWS name no resource. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error) || requestOf(error) !== undefined) return reasonOf(error);
  return error.message;
}
