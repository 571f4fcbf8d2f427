import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Catalog } from '../../lib/contracts/catalog.ts';
import type { Envelope } from '../../lib/contracts/envelope.ts';
import type { ProducerRule } from '../../lib/contracts/producers/producer-rule.ts';
import { MAX_REQUEST_BYTES, TRIES_HEADER } from '../../lib/contracts/request-limits.ts';
import type { PublishOutcome, TopicPublisher } from '../../lib/runtime/publisher.ts';
import { type Authority, createAuthority } from './authorize-events.ts';
import { type Caller, callerOf, principalOf } from './caller.ts';
import { checkEvents } from './check-events.ts';
import { completeEvents, requestDefaults } from './complete-event.ts';
import { keepLimits } from './keep-limits.ts';
import {
  type EventProblem,
  type Fate,
  problemResponse,
  RequestProblem,
  shorten,
} from './problem-response.ts';
import type { ProducerCounter } from './producer-counter.ts';
import { headerOf, type PublishRequest, readRequest } from './read-request.ts';

export interface PublishDependencies {
  readonly catalog: Catalog;
  readonly publisher: TopicPublisher;
  /** Declared producers. @default - none: every caller may publish what is not reserved */
  readonly producers?: readonly ProducerRule[];
  /** The largest request, in bytes. @default - the largest that API Gateway hands over */
  readonly maxRequestBytes?: number;
  /** Needed when a producer has a limit. */
  readonly counter?: ProducerCounter | undefined;
  /** Whether the bus runs on this machine, where nobody signs. @default false */
  readonly onThisMachine?: boolean;
}

const ADVICE = {
  unavailable:
    'Send them again with the ids below: an event that is published twice under the same id takes effect once.',
  refused: 'The topic will refuse the same again; the code of each event says why.',
} as const;

/** How many events SNS took or did not take, and whether the request was refused before that. */
export interface PublishCounts {
  readonly published: number;
  /** 1 when the request was refused: one that cannot be read has no number of events. */
  readonly rejected: number;
  readonly failed: number;
}

/** What the log says of a request: never the data of an event. */
export interface PublishNotes {
  /** Who sent the request. */
  readonly principal?: string;
  /** What went wrong here. */
  readonly error?: Error;
  /** Why the limit of a producer was not kept. */
  readonly limit?: string | undefined;
  /** The id that API Gateway gave it. */
  readonly requestId?: string | undefined;
  /** The events that SNS was given. */
  readonly eventIds?: readonly string[];
  /** Why the request was refused, and the first mistakes of its events. */
  readonly refusal?: string;
  readonly mistakes?: readonly EventProblem[];
  /** The reasons of SNS, each once; the caller gets only the codes. */
  readonly failures?: readonly string[];
}

/** The answer to a request, what to count of it, and what to log. */
export interface PublishAnswer {
  readonly response: APIGatewayProxyStructuredResultV2;
  readonly counts: PublishCounts;
  readonly notes: PublishNotes;
}

/** Mistakes that are logged of one request. */
const LOGGED_MISTAKES = 5;

/**
 * Answers a publish request: 202 with the events' ids once every one of them is with SNS. Everything is checked before
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
  const asked = { principal: principalOf(caller), requestId: request.requestContext?.requestId };
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
    events = checkEvents(candidates, { catalog, maxEventBytes: publisher.maxEventBytes, stamp });
    refuseForbidden(events, catalog, authority);
    limit = await keepLimits(events, authority, counter);
  } catch (error) {
    // The caller's mistake, which the answer explains; anything else is ours.
    if (!(error instanceof RequestProblem)) throw error;
    return refuse(error);
  }
  const outcomes = await publisher.publish(events, { signal, tries: triesOf(request) });
  const failures = outcomes.filter((outcome) => outcome.status === 'failed');
  const reasons = new Set(failures.map(({ code, message }) => `${code}: ${message}`));
  return {
    response: respond(events, outcomes),
    counts: { published: outcomes.length - failures.length, rejected: 0, failed: failures.length },
    notes: {
      eventIds: events.map(({ id }) => id),
      ...(limit !== undefined && { limit }),
      ...(reasons.size > 0 && { failures: [...reasons] }),
    },
  };
}

/** Nobody's fault but ours: the log has the reason, the caller gets none of our insides. */
function failed(asked: PublishNotes, error: unknown): PublishAnswer {
  const problem = new RequestProblem(
    'internal',
    'the request failed; its events may be sent again with the same ids',
  );
  return {
    response: problemResponse(problem),
    // It is not known how many events the request had.
    counts: { published: 0, rejected: 0, failed: 1 },
    notes: { ...asked, error: error instanceof Error ? error : new Error(String(error)) },
  };
}

/** @throws RequestProblem naming every event that the caller may not publish */
function refuseForbidden(events: readonly Envelope[], catalog: Catalog, authority: Authority): void {
  const errors = events.flatMap((event, index): EventProblem[] => {
    const version = catalog.get(event.type);
    const problem = version && authority.refusalOf(event, version);
    return problem ? [{ index, id: event.id, ...problem }] : [];
  });
  const total = errors.length;
  if (total === 0) return;
  const detail = `the caller may not publish ${total} of ${events.length} events; nothing was published`;
  throw new RequestProblem('forbidden', detail, { errors, total });
}

/** A client that tries again itself asks for fewer tries here, so that they do not multiply; more than usual nobody gets. */
function triesOf(request: PublishRequest): number | undefined {
  const given = headerOf(request, TRIES_HEADER) ?? '';
  return /^[1-4]$/.test(given) ? Number(given) : undefined;
}

function refuse(problem: RequestProblem): PublishAnswer {
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
    return {
      statusCode: 202,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ events: events.map(({ id, source, type }) => ({ id, source, type })) }),
    };
  }
  const kind = failed.every(({ retryable }) => retryable) ? 'unavailable' : 'refused';
  const detail = `${failed.length} of ${events.length} events are not published. ${ADVICE[kind]}`;
  return problemResponse(
    new RequestProblem(kind, detail),
    events.map((event, index) => fateOf(event, index, outcomes[index])),
  );
}

function fateOf({ id, source }: Envelope, index: number, outcome: PublishOutcome | undefined): Fate {
  if (outcome?.status === 'published') return { index, id, source, status: 'published' };
  return { index, id, source, status: 'failed', code: outcome?.code ?? 'Unknown' };
}
