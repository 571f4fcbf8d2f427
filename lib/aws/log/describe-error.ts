import { clipText } from '../../contracts/text/clip-text.ts';
import { reasonOf, toError } from '../../contracts/text/error-reason.ts';
import { shortenLinks } from '../../contracts/text/short-links.ts';

/** An error as a log line shows it: what happened and where, without the data of the event. */
export interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  /** Code of a system error. */
  readonly code?: string;
  /** HTTP status of the AWS service's answer. */
  readonly httpStatusCode?: number;
  readonly requestId?: string;
  /** Codes of a cancelled transaction or of a rejected commit, one for each write. */
  readonly reasons?: readonly string[];
  readonly cause?: ErrorDescription;
}

/** How many causes of an error are described. */
const MAX_CAUSES = 2;
/** These limits keep the line of a failure under 1.5 KB: logs cost money per byte, and an outage fails every event five times. */
const MAX_NAME = 64;
const MAX_MESSAGE = 300;
const MAX_MESSAGE_OF_CAUSE = 120;
const MAX_STACK = 360;
const MAX_REASONS = 10;

/** Describes an error for a log line. Never throws, even if reading the error throws. */
export function describeError(error: Error, depth = 0): ErrorDescription {
  const { code, $metadata, requestId, CancellationReasons, rejections, cause, stack } = readable(error);
  const metadata = asObject($metadata);
  const { httpStatusCode } = metadata;
  const id = metadata.requestId ?? requestId;
  const reasons = codesOf(CancellationReasons ?? rejections);
  const { name, message } = reasonOf(error);
  return {
    name: clipText(name, MAX_NAME),
    message: clipText(message, depth === 0 ? MAX_MESSAGE : MAX_MESSAGE_OF_CAUSE),
    ...(typeof stack === 'string' && depth === 0 && { stack: framesOf(stack) }),
    ...(typeof code === 'string' && { code }),
    ...(typeof httpStatusCode === 'number' && { httpStatusCode }),
    ...(typeof id === 'string' && { requestId: id }),
    ...(reasons.length > 0 && { reasons: reasons.slice(0, MAX_REASONS) }),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: describeError(toError(cause), depth + 1) }),
  };
}

/** The first stack frames, without the message before them: the description already has it. */
function framesOf(stack: string): string {
  const from = stack.search(/^ {4}at /m);
  return clipText(shortenLinks(from < 0 ? stack : stack.slice(from)).replaceAll(/^ +/gm, ''), MAX_STACK);
}

const READ = [
  'code',
  '$metadata',
  'requestId',
  'CancellationReasons',
  'rejections',
  'cause',
  'stack',
] as const;

/** The properties that a description uses. A property whose getter throws is left out. */
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
  return reasons.map(asObject).map(({ Code, code }) => String(Code ?? code ?? 'None'));
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  // The caller only reads properties by name, and every property is `unknown`.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
