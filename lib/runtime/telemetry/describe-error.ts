import { shortenLinks } from '../../contracts/short-links.ts';
import { reasonOf, toError } from '../error-reason.ts';
import { CommitRejected } from '../failures.ts';

/** What a log line says of an error: what happened and where, never what it was about. */
export interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** The code of a system error. */
  readonly code?: string;
  /** Of the answer of an AWS service. */
  readonly httpStatusCode?: number;
  readonly requestId?: string;
  /** The codes of a cancelled transaction, or of a rejected commit, one for each write. */
  readonly reasons?: readonly string[];
  readonly cause?: ErrorDescription;
}

/** Causes of causes are followed so far. */
const MAX_CAUSES = 5;

/** Describes an error for a log line. Never throws, whatever the error is made of. */
export function describeError(error: Error, depth = 0): ErrorDescription {
  const { code, $metadata, requestId, CancellationReasons, cause, stack } = readable(error);
  const metadata = asObject($metadata);
  const { httpStatusCode } = metadata;
  const id = metadata.requestId ?? requestId;
  const reasons =
    error instanceof CommitRejected ? error.rejections.map((one) => one.code) : codesOf(CancellationReasons);
  return {
    ...reasonOf(error),
    ...(typeof stack === 'string' && { stack: shortenLinks(stack) }),
    ...(typeof code === 'string' && { code }),
    ...(typeof httpStatusCode === 'number' && { httpStatusCode }),
    ...(typeof id === 'string' && { requestId: id }),
    ...(reasons.length > 0 && { reasons }),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: describeError(toError(cause), depth + 1) }),
  };
}

const READ = ['code', '$metadata', 'requestId', 'CancellationReasons', 'cause', 'stack'] as const;

/** The properties that a description is made of; one whose getter throws is left out. */
function readable(error: Error): Partial<Record<(typeof READ)[number], unknown>> {
  const entries = READ.flatMap((name) => {
    try {
      return [[name, Reflect.get(error, name)] as const];
    } catch {
      // User code can make any property throw; the line is written without it.
      return [];
    }
  });
  return Object.fromEntries(entries);
}

function codesOf(reasons: unknown): readonly string[] {
  if (!Array.isArray(reasons)) return [];
  return reasons.map((reason) => String(asObject(reason).Code ?? 'None'));
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  // Read only, and by name: whatever it is, a property of it is unknown.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
