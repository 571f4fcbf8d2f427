import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Catalog } from '../../contracts/catalog.ts';
import { deliveryTime } from '../../contracts/envelope/deliver-at.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { MAX_REQUEST_BYTES, TRIES_HEADER } from '../../contracts/envelope/request-limits.ts';
import type { ProducerRule } from '../../contracts/producers/producer-rule.ts';
import { receiptPath } from '../../contracts/receipts/receipt-query.ts';
import type { PublishOutcome, TopicPublisher } from '../topic/topic-publisher.ts';
import { type Authority, createAuthority } from './authorize-events.ts';
import { type Caller, callerOf, principalOf } from './caller.ts';
import { checkEvents } from './check-events.ts';
import { completeEvents, requestDefaults } from './complete-event.ts';
import { keepLimits } from './keep-limits.ts';
import {
  type EventProblem,
  type EventResult,
  problemResponse,
  RequestError,
  shorten,
} from './problem-response.ts';
import type { ProducerCounter } from './producer-counter.ts';
import { readRequest } from './read-request.ts';
import { headerOf, type PublishRequest } from './request.ts';

export interface PublishDependencies {
  readonly catalog: Catalog;
  readonly publisher: TopicPublisher;
  /** Declared producers. @default - none: every caller may publish all events that are not internal */
  readonly producers?: readonly ProducerRule[];
  /** The largest request, in bytes. @default - the largest that API Gateway passes to the function */
  readonly maxRequestBytes?: number;
  /** Counts the events of producers. Required when a producer has a limit. */
  readonly counter?: ProducerCounter | undefined;
  /** Whether the bus runs on this machine, where requests are not signed. @default false */
  readonly onThisMachine?: boolean;
}

const ADVICE = {
  unavailable:
    'Send them again with the ids below: an event that is published twice with the same id takes effect once.',
  refused: 'The topic would refuse the same events again; the code of each event says why.',
} as const;

/** How many events SNS has accepted or not accepted, and whether the request was refused before. */
export interface PublishCounts {
  readonly published: number;
  /** 1 when the request was refused, else 0. It counts requests, because the events of an unreadable request cannot be counted. */
  readonly rejected: number;
  readonly failed: number;
}

/** What the log line of a request contains. It never contains a value of an event's data; what is wrong there is named by its pointer. */
export interface PublishNotes {
  /** Who sent the request. */
  readonly principal?: string;
  /** The unexpected error. */
  readonly error?: Error;
  /** Why the limit of a producer was not checked. */
  readonly limit?: string | undefined;
  /** API Gateway's id of the request. */
  readonly apiRequestId?: string | undefined;
  /** The events that were sent to SNS. */
  readonly events?: readonly { readonly eventId: string; readonly source: string }[];
  /** Why the request was refused. `mistakes` has the first problems of its events. */
  readonly refusal?: string;
  readonly mistakes?: readonly EventProblem[];
  /** The reasons of SNS, each once. The caller gets only the codes. */
  readonly failures?: readonly string[];
}

/** The answer to a request, with its counts and its log fields. */
export interface PublishAnswer {
  readonly response: APIGatewayProxyStructuredResultV2;
  readonly counts: PublishCounts;
  readonly notes: PublishNotes;
}

/** Maximum number of problems that are logged for one request. */
const LOGGED_MISTAKES = 5;

/**
 * Answers a publish request. The answer is 202 with the events' ids when SNS has accepted all of them. Everything is checked before
 * anything is sent.
 *
 * @param signal fires when there is no time left to publish
 */
export async function publishRequest(
  dependencies: PublishDependencies,
  request: PublishRequest,
  signal: AbortSignal,
): Promise<PublishAnswer> {
  const caller = callerOf(request.requestContext, dependencies.onThisMachine);
  const asked = { principal: principalOf(caller), apiRequestId: request.requestContext?.requestId };
  try {
    const { response, counts, notes } = await answerTo(caller, dependencies, request, signal);
    return { response, counts, notes: { ...asked, ...notes } };
  } catch (error) {
    return failed(asked, error);
  }
}

async function answerTo(
  caller: Caller,
  { catalog, publisher, producers = [], maxRequestBytes = MAX_REQUEST_BYTES, counter }: PublishDependencies,
  request: PublishRequest,
  signal: AbortSignal,
): Promise<PublishAnswer> {
  let events: readonly Envelope[];
  let limit: string | undefined;
  try {
    const defaults = requestDefaults(request, new Date());
    const candidates = completeEvents(readRequest(request, maxRequestBytes), defaults);
    const authority = createAuthority(caller, producers, request.pathParameters?.type);
    const stamp = (event: Envelope): Envelope => ({ ...event, producer: authority.producerOf(event) });
    events = checkEvents(candidates, {
      catalog,
      maxEventBytes: publisher.maxEventBytes,
      fifo: publisher.fifo,
      stamp,
    });
    refuseForbidden(events, catalog, authority);
    limit = await keepLimits(events, authority, counter);
  } catch (error) {
    // A RequestError is the caller's mistake, and the answer explains it. Any other error is a fault of this function.
    if (!(error instanceof RequestError)) throw error;
    return refuse(error);
  }
  const outcomes = await publisher.publish(events, { signal, tries: triesOf(request) });
  const failures = outcomes.filter((outcome) => outcome.status === 'failed');
  const reasons = new Set(failures.map(({ code, message }) => `${code}: ${message}`));
  return {
    response: respond(events, outcomes),
    counts: { published: outcomes.length - failures.length, rejected: 0, failed: failures.length },
    notes: {
      events: events.map(({ id, source }) => ({ eventId: id, source })),
      ...(limit !== undefined && { limit }),
      ...(reasons.size > 0 && { failures: [...reasons] }),
    },
  };
}

/** Answers after an unexpected error. The reason goes to the log only, because it may show internals. */
function failed(asked: PublishNotes, error: unknown): PublishAnswer {
  const problem = new RequestError(
    'internal',
    'the request failed; its events may be sent again with the same ids',
  );
  return {
    response: problemResponse(problem),
    // The number of events is not known here.
    counts: { published: 0, rejected: 0, failed: 1 },
    notes: { ...asked, error: error instanceof Error ? error : new Error(String(error)) },
  };
}

/** @throws RequestError with every event that the caller may not publish */
function refuseForbidden(events: readonly Envelope[], catalog: Catalog, authority: Authority): void {
  const errors = events.flatMap((event, index): EventProblem[] => {
    const version = catalog.get(event.type);
    const problem = version && authority.refusalOf(event, version);
    return problem ? [{ index, id: event.id, ...problem }] : [];
  });
  const total = errors.length;
  if (total === 0) return;
  const detail = `the caller may not publish ${total} of ${events.length} events; nothing was published`;
  throw new RequestError('forbidden', detail, { errors, total });
}

/** The number of attempts that the client asks for, 1 to 4. A client that retries itself asks for fewer, so that retries do not multiply. */
function triesOf(request: PublishRequest): number | undefined {
  const given = headerOf(request, TRIES_HEADER) ?? '';
  return /^[1-4]$/.test(given) ? Number(given) : undefined;
}

function refuse(problem: RequestError): PublishAnswer {
  const mistakes = problem.mistakes.errors.slice(0, LOGGED_MISTAKES).map(shorten);
  return {
    response: problemResponse(problem),
    counts: { published: 0, rejected: 1, failed: 0 },
    notes: { refusal: problem.message, ...(mistakes.length > 0 && { mistakes }) },
  };
}

function respond(
  events: readonly Envelope[],
  outcomes: readonly PublishOutcome[],
): APIGatewayProxyStructuredResultV2 {
  const failed = outcomes.filter((outcome) => outcome.status === 'failed');
  if (failed.length === 0) {
    const publishedAt = Date.now();
    return {
      statusCode: 202,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ events: events.map((event) => acceptedEvent(event, publishedAt)) }),
    };
  }
  const kind = failed.every(({ retryable }) => retryable) ? 'unavailable' : 'refused';
  const detail = `${failed.length} of ${events.length} events are not published. ${ADVICE[kind]}`;
  return problemResponse(
    new RequestError(kind, detail),
    events.map((event, index) => resultOf(event, index, outcomes[index])),
  );
}

/** What identifies an event, and where its receipt is: a path of this API. Nothing is stored or sent for it. */
function acceptedEvent(event: Envelope, publishedAt: number): object {
  const { id, source, type } = event;
  const time = deliveryTime(event);
  const deliverAt = time !== undefined && time > publishedAt ? time : undefined;
  return { id, source, type, receipt: receiptPath({ id, source, type, publishedAt, deliverAt }) };
}

function resultOf({ id, source }: Envelope, index: number, outcome: PublishOutcome | undefined): EventResult {
  if (outcome?.status === 'published') return { index, id, source, status: 'published' };
  return { index, id, source, status: 'failed', code: outcome?.code ?? 'Unknown' };
}
