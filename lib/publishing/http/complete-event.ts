import { randomBytes, randomUUID } from 'node:crypto';
import { IDEMPOTENCY_KEY_PATTERN } from '../../contracts/envelope/attribute-patterns.ts';
import { hasAllowedCharacters, isText } from '../../contracts/envelope/attribute-types.ts';
import { withoutNulls } from '../../contracts/envelope/envelope.ts';
import { canonicalJson } from '../../contracts/json/canonical-json.ts';
import { isJsonObject } from '../../contracts/json/json.ts';
import { uuidV5 } from '../../contracts/uuid-v5.ts';
import { RequestError } from './problem-response.ts';
import { headerOf, type PublishRequest } from './request.ts';

const IDEMPOTENCY_KEY = new RegExp(IDEMPOTENCY_KEY_PATTERN, 'u');
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
/** @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
const XRAY_ROOT = /Root=1-([0-9a-f]{8})-([0-9a-f]{24})/;
const XRAY_PARENT = /Parent=([0-9a-f]{16})/;
const XRAY_NOT_SAMPLED = /Sampled=0/;

/** Values that a request gives to all its events. */
export interface RequestDefaults {
  /** Ids of events without an id are derived from it, so that a repeated request has the same ids. Undefined: the ids are random. */
  readonly idempotencyKey: string | undefined;
  readonly traceparent: string;
  readonly time: string;
}

/** Reads the defaults of a request. @throws RequestError when the Idempotency-Key is empty, too long, or contains blanks */
export function requestDefaults(request: Pick<PublishRequest, 'headers'>, now: Date): RequestDefaults {
  const idempotencyKey = headerOf(request, 'idempotency-key');
  if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    throw new RequestError(
      'malformed',
      'the Idempotency-Key must have 1 to 255 printable ASCII characters and no blanks',
    );
  }
  return { idempotencyKey, traceparent: traceparentOf(request), time: now.toISOString() };
}

/**
 * Fills in the attributes that an event may leave out: `id`, `time`, `datacontenttype`, `correlationid` and `traceparent`. A null
 * attribute counts as absent, as the JSON format says. A value that is not an object is returned unchanged, and the check refuses it.
 *
 * A retry with the same Idempotency-Key has the same ids, but a new `time` and `traceparent`. Consumers use the copy that arrives first.
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
    // An invalid id is reported only once, for `id`.
    ...(isText(id) && hasAllowedCharacters(id) && { correlationid: id }),
    traceparent: defaults.traceparent,
    ...(given.data !== undefined && DATA_IS_JSON),
    ...given,
    id,
  };
}

const DATA_IS_JSON = { datacontenttype: 'application/json' };

/**
 * Derives the id of an event from the key and from the event's content, not from its position. So a part of the request that is sent
 * again has the same ids, and another event under the same key has another id. Equal events are numbered, so that their ids differ.
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

/** The content of an event without its trace: an instrumented client begins a new span for each attempt. */
function contentOf(given: Attributes): string {
  const { traceparent: _traceparent, tracestate: _tracestate, ...rest } = given;
  return canonicalJson({ ...(given.data !== undefined && DATA_IS_JSON), ...rest });
}

/** The caller's trace, or else the trace that API Gateway began, or else a new one. */
function traceparentOf(request: Pick<PublishRequest, 'headers'>): string {
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
