import { isTimestamp } from '../envelope/attribute-types.ts';
import { attributeProblems, requiredProblems, SPEC_VERSION } from '../envelope/envelope-rules.ts';

/** What is asked about an event, and what its publisher knows of it. */
export interface ReceiptQuery {
  readonly id: string;
  readonly source: string;
  /** Its type, with its version or for all versions without. @default - not known, so it cannot be said who skips it */
  readonly type?: string | undefined;
  /** Epoch milliseconds at which the API has accepted it. @default - not known, so it cannot be said who waits for it */
  readonly publishedAt?: number | undefined;
  /** Epoch milliseconds at which it comes, if it comes later than it was published. @default - it came at once */
  readonly deliverAt?: number | undefined;
}

/**
 * Characters that no server on the way decodes, and no signature encodes twice. API Gateway decodes all others before it looks for the route,
 * so that an id with a slash would have none.
 */
const SAFE_IN_PATH = /^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$/;
/** Stands in the path for an id that has other characters. Such an id is in the query. */
const ID_IN_QUERY = '-';

/**
 * The path and query of the receipt of an event. An id with characters that a path does not take unchanged is in the query: `/events/-?id=a%2Fb`.
 * It is as long as id, source and type are, and has less than 10,240 bytes.
 */
export function receiptPath({ id, source, type, publishedAt, deliverAt }: ReceiptQuery): string {
  const isSafe = SAFE_IN_PATH.test(id) && id !== ID_IN_QUERY;
  const query: readonly (readonly [string, string | undefined])[] = [
    ['id', isSafe ? undefined : id],
    ['source', source],
    ['type', type],
    ['published', textOf(publishedAt)],
    ['deliver', textOf(deliverAt)],
  ];
  const text = query
    .flatMap(([name, value]) => (value === undefined ? [] : `${name}=${encodeURIComponent(value)}`))
    .join('&');
  return `/events/${isSafe ? id : ID_IN_QUERY}?${text}`;
}

/**
 * Reads a request for a receipt.
 *
 * @param path of the request, decoded; its last part is the id, or `-` when the query has it
 * @param query everything after the question mark, encoded
 * @throws RangeError that says what is missing, wrong or ambiguous, also when no event can have this id and source
 */
export function readReceiptQuery(path: string, query: string): ReceiptQuery {
  const given = readParameters(query);
  const id = idOf(path.slice(path.lastIndexOf('/') + 1), given.get('id'));
  const source = given.get('source') ?? '';
  if (id === '') throw new RangeError('the id of the event is missing: GET /events/<id>?source=<source>');
  if (source === '') {
    throw new RangeError(
      'the source of the event is missing: an event is identified by both, GET /events/<id>?source=<source>',
    );
  }
  refuseImpossible({ id, source });
  return {
    id,
    source,
    type: given.get('type') || undefined,
    publishedAt: readTime(given, 'published'),
    deliverAt: readTime(given, 'deliver'),
  };
}

/** The id of an event. @param last the last part of the path @param inQuery the id of the query */
function idOf(last: string, inQuery: string | undefined): string {
  if (last === ID_IN_QUERY) return inQuery ?? last;
  if (inQuery && inQuery !== last) {
    throw new RangeError(
      `the path has the id '${last}', and the query the id '${inQuery}'; write ${ID_IN_QUERY} in the path`,
    );
  }
  // Whoever has decoded the path may have put it there for bytes that are no UTF-8, so that the id is another one.
  if (last.includes('\ufffd')) {
    throw new RangeError(
      'the id in the path has a U+FFFD, or is not percent-encoded UTF-8; write the id in the query: GET /events/-?id=<id>&source=<source>',
    );
  }
  return last;
}

/** The parameters of a query. Unlike URLSearchParams, it replaces no byte that is not UTF-8, and takes no name twice. */
function readParameters(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const part of query.split('&').filter((one) => one !== '')) {
    const end = part.indexOf('=');
    const [name, value] = end < 0 ? [part, ''] : [part.slice(0, end), part.slice(end + 1)];
    const decoded = decode(name, part);
    if (parameters.has(decoded)) {
      throw new RangeError(`the parameter ${decoded} is there more than once; leave all but one out`);
    }
    parameters.set(decoded, decode(value, part));
  }
  return parameters;
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw new RangeError(`${part} is not percent-encoded UTF-8; encode it as encodeURIComponent does`, {
      cause,
    });
  }
}

function textOf(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

/** The publish function refuses such an event, and its id and source are no key of a record. */
function refuseImpossible(event: Pick<ReceiptQuery, 'id' | 'source'>): void {
  const whole = { ...event, specversion: SPEC_VERSION, type: '-' };
  const [problem] = [...requiredProblems(whole), ...attributeProblems(whole)];
  if (problem) throw new RangeError(`${problem.pointer.slice(1)} ${problem.detail}`);
}

function readTime(given: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = given.get(name);
  if (text === undefined) return undefined;
  // Date.parse takes a number for a year.
  const time = isTimestamp(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new RangeError(`${name} is '${text}', which is no RFC 3339 time; leave it out, or use the link`);
  }
  return time;
}
