import { backoffMilliseconds } from '../../aws/backoff.ts';
import { type Clock, systemClock } from '../../aws/clock.ts';
import {
  CLOUDEVENTS_BATCH_JSON,
  CLOUDEVENTS_JSON,
  type Envelope,
  serializeEnvelope,
} from '../../contracts/envelope/envelope.ts';
import { MAX_REQUEST_BYTES, TRIES_HEADER } from '../../contracts/envelope/request-limits.ts';
import { shortenLinks, shortLink } from '../../contracts/text/short-links.ts';
import { eventName } from '../../contracts/versions/event-name.ts';
import { type ApiAnswer, readAnswer } from './api-answer.ts';
import { type Authorize, type AuthorizeProps, createAuthorize } from './authorize.ts';
import { chunkEvents } from './request-chunks.ts';
import { failed, type Sender, type SendOutcome } from './sender.ts';

export interface ApiSenderProps extends AuthorizeProps {
  /** URL of the HTTP API, with or without `/events`. */
  readonly url: string | URL;
  /** @default - the global `fetch` */
  readonly fetch?: typeof fetch;
  /** Also the time of the events, and what `at` is compared with. @default - the system clock */
  readonly clock?: Clock;
  /** @default Math.random */
  readonly random?: () => number;
}

/** Maximum number of requests for one event. */
const MAX_TRIES = 4;
/**
 * How often the API may send an event to SNS, for the first request and for later ones. The first request allows one retry, because
 * the API repeats a lost request faster than this client. Later requests allow none, so that retries do not multiply.
 */
const API_TRIES = { first: '2', again: '1' };
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
/** Maximum duration of one call with all its retries. The sender does not begin a pause that would end later. */
const LONGEST_CALL_MS = 60_000;
/** API Gateway has a shorter time-out (30 s). @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const REQUEST_TIMEOUT_MS = 31_000;
const NOT_SENT = failed('NotSent', 'an earlier event of the call was not published', true);

/** Values that all requests of one call share. */
interface Call {
  readonly url: URL;
  readonly authorize: Authorize;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal | undefined;
  /** Epoch milliseconds. No request is retried after this time. */
  readonly endsAt: number;
}

/** Posts events to the publish API, one request after the other. A request is retried while its failure is transient. */
export function createApiSender(props: ApiSenderProps): Sender {
  const url = eventsUrl(props.url);
  const authorize = createAuthorize(url, props);
  const { fetch = globalThis.fetch, clock = systemClock, random = Math.random } = props;
  return {
    maxEventBytes: MAX_REQUEST_BYTES,
    takesLater: true,
    publish: async (events, { signal }) => {
      const call: Call = {
        url,
        authorize,
        fetch,
        clock,
        random,
        signal,
        endsAt: clock.now() + LONGEST_CALL_MS,
      };
      const outcomes: SendOutcome[] = [];
      for (const chunk of chunkEvents(events)) {
        outcomes.push(...(await sendChunk(call, chunk)));
        if (outcomes.some(({ status }) => status === 'failed')) break;
      }
      return events.map((_, index) => outcomes[index] ?? NOT_SENT);
    },
  };
}

/** The address of the publish API. @throws TypeError when the text is no URL */
export function eventsUrl(url: string | URL): URL {
  if (!URL.canParse(url))
    throw new TypeError(
      `'${shortLink(String(url))}' is not a URL; the URL of the publish API begins with https://`,
    );
  const whole = new URL(url);
  if (!whole.pathname.endsWith('/events')) whole.pathname = `${whole.pathname.replace(/\/$/, '')}/events`;
  return whole;
}

/** The URL for these events. Events of one type go to the path of that type, because a policy may allow only that path. */
function urlFor(url: URL, events: readonly Envelope[]): URL {
  const [type, ...others] = new Set(events.map((event) => eventName(event.type)));
  if (type === undefined || others.length > 0) return url;
  const own = new URL(url);
  own.pathname = `${url.pathname}/${type}`;
  return own;
}

/** Sends the events of one request. It sends those that failed with a transient error again. */
async function sendChunk(call: Call, events: readonly Envelope[]): Promise<readonly SendOutcome[]> {
  const outcomes = new Map<Envelope, SendOutcome>();
  let pending = events;
  for (let attempt = 1; ; attempt++) {
    const { outcomes: answered, retryAfterMilliseconds } = await post(call, pending, attempt);
    pending.forEach((event, index) => {
      outcomes.set(event, answered[index] ?? NOT_SENT);
    });
    const failures = answered.filter((outcome) => outcome.status === 'failed');
    const isTransient = failures.length > 0 && failures.every(({ retryable }) => retryable);
    if (!isTransient || attempt === MAX_TRIES || call.signal?.aborted) break;
    const backoff = { first: FIRST_PAUSE_MS, longest: LONGEST_PAUSE_MS, random: call.random };
    const pause = retryAfterMilliseconds + backoffMilliseconds(attempt, backoff);
    if (call.clock.now() + pause > call.endsAt) break;
    await call.clock.sleep(pause, { signal: call.signal });
    pending = pending.filter((event) => outcomes.get(event)?.status === 'failed');
  }
  return events.map((event) => outcomes.get(event) ?? NOT_SENT);
}

/** Sends one request. It does not follow redirects: a redirect could become a GET, or send the credentials to another server. */
async function post(call: Call, events: readonly Envelope[], attempt: number): Promise<ApiAnswer> {
  const all = (code: string, error: unknown, retryable: boolean): ApiAnswer => ({
    outcomes: events.map(() => failed(code, shortenLinks(describe(error)), retryable)),
    retryAfterMilliseconds: 0,
  });
  const [only] = events;
  const single = events.length === 1 && only !== undefined;
  const body = single ? serializeEnvelope(only) : `[${events.map(serializeEnvelope).join(',')}]`;
  const own = {
    'content-type': single ? CLOUDEVENTS_JSON : CLOUDEVENTS_BATCH_JSON,
    [TRIES_HEADER]: attempt === 1 ? API_TRIES.first : API_TRIES.again,
  };
  const url = urlFor(call.url, events);
  let headers: Readonly<Record<string, string>>;
  try {
    headers = await call.authorize({ url, headers: own, body });
  } catch (error) {
    // No request was sent. The outcome of every event has the reason.
    return all('NoCredentials', error, false);
  }
  try {
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const signal = call.signal ? AbortSignal.any([call.signal, timeout]) : timeout;
    const response = await call.fetch(url, {
      method: 'POST',
      headers,
      body,
      signal,
      redirect: 'manual',
    });
    return await readAnswer(response, events);
  } catch (error) {
    // The request may have arrived. It is safe to send it again with the same ids.
    return all('NoAnswer', error, true);
  }
}

/** The message of an error with its causes: `fetch` puts the reason of a failure into `cause`. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${describe(error.cause)})` : error.message;
}
