import { backoffMilliseconds } from '../aws/backoff.ts';
import type { Clock } from '../aws/clock.ts';
import {
  type JsonAnswer,
  type JsonCaller,
  type JsonOperation,
  parseObject,
  requestJson,
} from '../aws/json-request.ts';

/**
 * Calls an operation of AWS and returns its answer.
 *
 * @param signal fires when the call has to end, also between its tries
 * @throws AwsRefusal, or Error when there is no answer
 */
export type CallAws = <Answer extends object>(
  operation: JsonOperation,
  input: object,
  signal: AbortSignal,
) => Promise<Partial<Answer>>;

/** Thrown when a service has refused a request, also after some tries. */
export class AwsRefusal extends Error {
  override readonly name = 'AwsRefusal';
  /** The error code of the service, such as `ResourceNotFoundException`. */
  readonly code: string;

  constructor(target: string, code: string, reason: string) {
    super(`${target} is refused: ${reason}`);
    this.code = code;
  }
}

export interface CallAwsProps extends JsonCaller {
  readonly clock: Clock;
  readonly random: () => number;
}

const MAX_TRIES = 3;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 500;

/** Creates a client that needs no SDK: two read-only operations do not pay for its cold start. */
export function createCallAws(props: CallAwsProps): CallAws {
  return async <Answer extends object>(operation: JsonOperation, input: object, signal: AbortSignal) => {
    for (let attempt = 1; ; attempt++) {
      const answer = await requestJson(operation, input, props, signal).catch((error: unknown): undefined => {
        // A broken connection is tried again until the tries or the time are used up.
        if (attempt === MAX_TRIES || signal.aborted) throw error;
      });
      const found = answer && read<Answer>(operation, answer, attempt === MAX_TRIES);
      if (found) return found;
      const pause = { first: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS, random: props.random };
      await props.clock.sleep(backoffMilliseconds(attempt, pause));
    }
  };
}

/** Undefined when another try may help. */
function read<Answer extends object>(
  { target }: JsonOperation,
  answer: JsonAnswer,
  isLast: boolean,
): Partial<Answer> | undefined {
  if ('refusal' in answer) {
    const { code, reason, isTransient } = answer.refusal;
    if (isTransient && !isLast) return undefined;
    throw new AwsRefusal(target, code, reason);
  }
  const body = parseObject<Answer>(answer.text);
  if (!body && isLast) throw new Error(`${target} has answered with a text that is no JSON`);
  return body;
}
