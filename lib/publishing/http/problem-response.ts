import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { clipText } from '../../contracts/text/clip-text.ts';
import type { Problem } from '../../contracts/text/problem.ts';

/** A problem of one event of the request. */
export interface EventProblem extends Problem {
  /** Position of the event in the request, from 0. */
  readonly index: number;
  /** The event's id, when it has one. */
  readonly id?: string;
}

/** Why a request is not accepted: each kind has one status and one title. */
export type ProblemKind = keyof typeof PROBLEMS;

const PROBLEMS = {
  malformed: { status: 400, title: 'The request cannot be read' },
  invalid: { status: 400, title: 'The request has events that are not accepted' },
  forbidden: { status: 403, title: 'The caller may not publish some of the events' },
  limited: { status: 429, title: 'The producer publishes more than it may' },
  tooLarge: { status: 413, title: 'The request or one of its events is too large' },
  unsupportedMediaType: { status: 415, title: 'The content type is not one of CloudEvents' },
  internal: { status: 500, title: 'Something went wrong here' },
  refused: { status: 502, title: 'The topic refused some of the events' },
  unavailable: { status: 503, title: 'Some of the events could not be published now' },
} as const;

/** Maximum number of problems in a response. The rest are only counted. */
export const MAX_ERRORS = 100;
/** Maximum characters of a text that a response repeats from the request: an answer of Lambda has at most 6 MB. */
const MAX_TEXT = 1_000;
const RETRY_AFTER_SECONDS = 1;

/** The problems of a request's events. */
export interface Mistakes {
  readonly errors: readonly EventProblem[];
  /** The number of all problems, also of those that `errors` leaves out. */
  readonly total: number;
}

/** Thrown when a request cannot be accepted. Nothing of it is published. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly kind: ProblemKind;
  readonly mistakes: Mistakes;
  /** Seconds after which the caller may try again; undefined when a retry does not help. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    kind: ProblemKind,
    detail: string,
    mistakes: Mistakes = { errors: [], total: 0 },
    retryAfterSeconds = kind === 'unavailable' ? RETRY_AFTER_SECONDS : undefined,
  ) {
    super(clip(detail));
    this.kind = kind;
    this.mistakes = mistakes;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The result of one event of a request of which some events could not be published. */
export interface EventResult {
  readonly index: number;
  readonly id: string;
  readonly source: string;
  readonly status: 'published' | 'failed';
  readonly code?: string;
}

/** The answer to a request that is not accepted. @see https://www.rfc-editor.org/rfc/rfc9457 */
export function problemResponse(
  { kind, message, mistakes: { errors, total }, retryAfterSeconds }: RequestError,
  events?: readonly EventResult[],
): APIGatewayProxyStructuredResultV2 {
  const { status, title } = PROBLEMS[kind];
  const shown = errors.slice(0, MAX_ERRORS).map(shorten);
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    },
    body: JSON.stringify({
      type: 'about:blank',
      title,
      status,
      detail: message,
      ...(shown.length > 0 && { errors: shown }),
      ...(total > shown.length && { moreErrors: total - shown.length }),
      ...(events && { events }),
    }),
  };
}

/** The problem with its texts cut to the maximum length. */
export function shorten({ index, id, pointer, detail }: EventProblem): EventProblem {
  return { index, id: id && clip(id), pointer: clip(pointer), detail: clip(detail) };
}

function clip(text: string): string {
  const clipped = clipText(text, MAX_TEXT);
  return clipped.length < text.length ? `${clipped}…` : clipped;
}
