import { randomBytes, randomUUID } from 'node:crypto';
import { IDEMPOTENCY_KEY_PATTERN } from '../../lib/contracts/attribute-patterns.ts';
import { hasAllowedCharacters, isText } from '../../lib/contracts/attribute-types.ts';
import { canonicalJson } from '../../lib/contracts/canonical-json.ts';
import { withoutNulls } from '../../lib/contracts/envelope.ts';
import { isJsonObject } from '../../lib/contracts/json.ts';
import { uuidV5 } from '../../lib/contracts/uuid-v5.ts';
import { RequestProblem } from './problem-response.ts';
import { headerOf, type PublishRequest } from './read-request.ts';

const IDEMPOTENCY_KEY = new RegExp(IDEMPOTENCY_KEY_PATTERN, 'u');
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
/** @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
const XRAY_ROOT = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/;
const XRAY_PARENT = /Parent=([0-9a-f]{16})/;
const XRAY_NOT_SAMPLED = /Sampled=0/;

/** What a request says of its events beside themselves. */
export interface RequestDefaults {
  /** Makes ids of events that have none, the same for the same request. @default - random ids */
  readonly idempotencyKey: string | undefined;
  readonly traceparent: string;
  readonly time: string;
}

/** @throws RequestProblem when the Idempotency-Key is empty, too long, or has blanks in it */
export function requestDefaults(request: PublishRequest, now: Date): RequestDefaults {
  const idempotencyKey = headerOf(request, 'idempotency-key');
  if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    throw new RequestProblem(
      'malformed',
      'the Idempotency-Key must have 1 to 255 printable ASCII characters and no blanks',
    );
  }
  return { idempotencyKey, traceparent: traceparentOf(request), time: now.toISOString() };
}

/**
 * Fills in what events may leave out: `id`, `time`, `datacontenttype`, `correlationid` and `traceparent`. Null attributes
 * count as absent, as the JSON format says. What is no object is returned as it is, for the check to name.
 *
 * A retry with the same Idempotency-Key has the same ids, but a new `time` and `traceparent`: consumers act on whichever
 * copy they see first.
 */
export function completeEvents(events: readonly unknown[], defaults: RequestDefaults): readonly unknown[] {
  const { idempotencyKey } = defaults;
  const newId = idempotencyKey === undefined ? randomUUID : derivedIds(idempotencyKey);
  return events.map((event) =>
    isJsonObject(event) ? complete(withoutNulls(event), defaults, newId) : event,
  );
}

type Attributes = Readonly<Record<string, unknown>>;

function complete(
  given: Attributes,
  defaults: RequestDefaults,
  newId: (given: Attributes) => string,
): unknown {
  const id = given.id ?? newId(given);
  return {
    time: defaults.time,
    // An id that is wrong is named once, as the id.
    ...(isText(id) && hasAllowedCharacters(id) && { correlationid: id }),
    traceparent: defaults.traceparent,
    ...(given.data !== undefined && DATA_IS_JSON),
    ...given,
    id,
  };
}

const DATA_IS_JSON = { datacontenttype: 'application/json' };

/**
 * Makes the ids of a request's events from its key and what each of them says, never from where it stands: a part of the request
 * that is sent again has the ids that it had, and another event under the same key has another. Events that say the same are
 * told apart by counting them.
 */
function derivedIds(key: string): (given: Attributes) => string {
  const seen = new Map<string, number>();
  return (given) => {
    const content = contentOf(given);
    const occurrence = seen.get(content) ?? 0;
    seen.set(content, occurrence + 1);
    return uuidV5('idempotency-key', key, content, String(occurrence));
  };
}

/** What a client says with an event. Its trace is not among it: an instrumented client begins a new span for each attempt. */
function contentOf(given: Attributes): string {
  const { traceparent: _traceparent, tracestate: _tracestate, ...said } = given;
  return canonicalJson({ ...(given.data !== undefined && DATA_IS_JSON), ...said });
}

/** The caller's trace, or the one that API Gateway has begun, or a new one. */
function traceparentOf(request: PublishRequest): string {
  const given = headerOf(request, 'traceparent');
  if (given !== undefined && TRACEPARENT.test(given)) return given;
  const xray = headerOf(request, 'x-amzn-trace-id') ?? '';
  const [, epoch, rest] = XRAY_ROOT.exec(xray) ?? [];
  if (epoch === undefined || rest === undefined) {
    return `00-${randomBytes(16).toString('hex')}-${newSpan()}-01`;
  }
  const span = XRAY_PARENT.exec(xray)?.[1] ?? newSpan();
  return `00-${epoch}${rest}-${span}-${XRAY_NOT_SAMPLED.test(xray) ? '00' : '01'}`;
}

function newSpan(): string {
  return randomBytes(8).toString('hex');
}
