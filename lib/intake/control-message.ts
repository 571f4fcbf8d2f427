/** Why a breaker is open: failures that look like an outage, or different events that fail with errors of one name. */
export type TripCause = 'outage' | 'alike';

/** What every message on the control queue names. Its message group is the consumer, so that the messages of one consumer follow each other. */
interface Addressed {
  /** What the consumer is called in the deployment. */
  readonly consumer: string;
  readonly functionName: string;
  readonly queueUrl: string;
  /** Epoch milliseconds at which the message was first sent. */
  readonly at: number;
}

/** A consumer asks for its intake to be stopped. The controller keeps the message until the intake flows again: it is the timer of the probes. */
export interface TripMessage extends Addressed {
  readonly kind: 'trip';
  readonly queueArn: string;
  /** Why, for people. */
  readonly reason: string;
  readonly cause: TripCause;
  /** Name of the error that different events have failed with. @default - of several names: they look like an outage */
  readonly errorName?: string | undefined;
  readonly probeEverySeconds: number;
  /** Time-out of the function, in seconds: how long a probe may take. */
  readonly timeoutSeconds: number;
  /** The version of the state that the consumer has seen; 0 when there was none. A message about an older state than the present one is stale. */
  readonly version: number;
}

/** Somebody has paused a consumer for a time. The controller keeps the message until that time is over. */
export interface PauseMessage extends Addressed {
  readonly kind: 'pause';
}

export type ControlMessage = TripMessage | PauseMessage;

/** Reads a message of the control queue. @throws TypeError when it is none that Fanfare has written */
export function readControlMessage(body: string): ControlMessage {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    throw new TypeError('the control message is no JSON', { cause });
  }
  const wrong = Object.entries(
    typeof value === 'object' && value !== null && 'kind' in value ? typesOf(value.kind) : { kind: isKind },
  )
    .filter(([name, fits]) => !fits(Reflect.get(Object(value), name)))
    .map(([name]) => name);
  if (wrong.length > 0) throw new TypeError(`the control message has no valid ${wrong.join(', ')}`);
  // Every field has been looked at.
  return value as ControlMessage;
}

type Fits = (value: unknown) => boolean;

const text: Fits = (value) => typeof value === 'string' && value !== '';
const number: Fits = (value) => typeof value === 'number' && Number.isFinite(value);
const isKind: Fits = (value) => value === 'trip' || value === 'pause';
const isCause: Fits = (value) => value === 'outage' || value === 'alike';
const ADDRESSED = { kind: isKind, consumer: text, functionName: text, queueUrl: text, at: number };
const TRIP = {
  ...ADDRESSED,
  queueArn: text,
  reason: text,
  cause: isCause,
  errorName: (value: unknown) => value === undefined || text(value),
  probeEverySeconds: number,
  timeoutSeconds: number,
  version: number,
};

function typesOf(kind: unknown): Readonly<Record<string, Fits>> {
  return kind === 'trip' ? TRIP : ADDRESSED;
}
