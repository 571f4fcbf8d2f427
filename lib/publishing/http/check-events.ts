import type { Catalog } from '../../contracts/catalog.ts';
import { datarefProblems } from '../../contracts/envelope/data-links.ts';
import { delayProblem } from '../../contracts/envelope/deliver-at.ts';
import {
  checkEnvelope,
  type Envelope,
  identityOf,
  lacksData,
  stampProblem,
} from '../../contracts/envelope/envelope.ts';
import { COMPLETION_BYTES } from '../../contracts/envelope/request-limits.ts';
import { isJsonObject } from '../../contracts/json/json.ts';
import type { Problem } from '../../contracts/text/problem.ts';
import { eventName } from '../../contracts/versions/event-name.ts';
import type { EventVersion } from '../../contracts/versions/event-version.ts';
import { allowedLinks } from '../large-data/allowed-links.ts';
import { sizeProblem, tooLarge } from '../topic/event-size.ts';
import { orderProblem } from '../topic/order-problem.ts';
import { MAX_MESSAGE_BYTES } from '../topic/publish-chunks.ts';
import { type EventProblem, MAX_ERRORS, RequestError } from './problem-response.ts';
import { idOf } from './read-request.ts';

const DUPLICATE = 'is in this request more than once with the same source';

/** The problems of one event. Only the first ones are kept, because a hostile event can have a million. */
class Refusal {
  readonly kind: 'invalid' | 'tooLarge';
  readonly problems: readonly Problem[];
  readonly count: number;

  constructor(kind: 'invalid' | 'tooLarge', problems: readonly Problem[]) {
    this.kind = kind;
    this.problems = problems.slice(0, MAX_ERRORS);
    this.count = problems.length;
  }
}

/** The rules for events of a request. */
export interface EventRules {
  readonly catalog: Catalog;
  /** The largest event that the publisher accepts, in bytes. */
  readonly maxEventBytes: number;
  /** Whether the topic is FIFO, so that each event needs a partitionkey. */
  readonly fifo?: boolean | undefined;
  /** Returns the event with the attribute `producer`. */
  readonly stamp: (event: Envelope) => Envelope;
}

/**
 * Checks every event of a request: the envelope, the data against its contract, the size, and that no event occurs twice.
 *
 * @throws RequestError with the problems of every event
 */
export function checkEvents(candidates: readonly unknown[], rules: EventRules): readonly Envelope[] {
  const verdicts = candidates.map((candidate) => checkEvent(candidate, rules));
  const refusals = verdicts.filter((verdict) => verdict instanceof Refusal);
  const duplicates = findDuplicates(candidates);
  const total = refusals.reduce((sum, { count }) => sum + count, duplicates.length);
  if (total === 0) return verdicts.flatMap((verdict) => (verdict instanceof Refusal ? [] : [verdict]));
  const onlySize = duplicates.length === 0 && refusals.every(({ kind }) => kind === 'tooLarge');
  const errors = verdicts.flatMap((verdict, index) =>
    verdict instanceof Refusal
      ? verdict.problems.map((problem) => ({ index, id: idOf(candidates[index]), ...problem }))
      : [],
  );
  throw new RequestError(
    onlySize ? 'tooLarge' : 'invalid',
    `the request has ${total} problem${total === 1 ? '' : 's'}; nothing was published`,
    { errors: [...errors, ...duplicates], total },
  );
}

function checkEvent(
  candidate: unknown,
  { catalog, maxEventBytes, fifo, stamp }: EventRules,
): Envelope | Refusal {
  // The size is checked first, so that the checks below never work on an event that is too large.
  const bytes = Buffer.byteLength(JSON.stringify(candidate));
  if (bytes > maxEventBytes + COMPLETION_BYTES) {
    return new Refusal('tooLarge', [tooLarge(`${bytes} bytes of JSON`, maxEventBytes)]);
  }
  const { event, problems } = checkEnvelope(candidate);
  if (problems) return new Refusal('invalid', problems);
  const now = Date.now();
  const late = delayProblem(event, now);
  if (late) return new Refusal('invalid', [late]);
  const version = catalog.get(event.type);
  if (!version) {
    return new Refusal('invalid', [{ pointer: '/type', detail: unknownType(event.type, catalog) }]);
  }
  const unordered = orderProblem(event, fifo);
  const broken = [...(unordered ? [unordered] : []), ...checkData(event, version)];
  if (broken.length > 0) return new Refusal('invalid', broken);
  const forged = stampProblem(event);
  if (forged) return new Refusal('invalid', [forged]);
  // If data can be stored in the bucket, the only limit is the one of the request, which was checked before.
  const stamped = stamp(event);
  const large = sizeProblem(stamped, {
    maxEventBytes: maxEventBytes > MAX_MESSAGE_BYTES ? Number.POSITIVE_INFINITY : maxEventBytes,
    now,
  });
  return large ? new Refusal('tooLarge', [large]) : stamped;
}

function unknownType(type: string, catalog: Catalog): string {
  const name = eventName(type);
  const all = [...catalog.values()];
  const sameName = all.filter((version) => version.type === name);
  const known = (sameName.length > 0 ? sameName : all).map(({ versionedType }) => versionedType);
  return `is '${type}', which the bus does not know; it knows ${known.join(', ')}`;
}

function checkData(event: Envelope, version: EventVersion): readonly Problem[] {
  const { dataref } = event;
  return [
    ...(dataref === undefined ? [] : datarefProblems(dataref, allowedLinks(version.links))),
    ...(lacksData(event) ? [] : version.check(event.data)),
  ];
}

/**
 * Finds events with the same identity, also among invalid events. Several versions of one event are not duplicates: they are one
 * fact for old and for new consumers.
 */
function findDuplicates(candidates: readonly unknown[]): EventProblem[] {
  const identified = candidates.flatMap((candidate, index) => {
    const identity = identityIfAny(candidate);
    return identity ? [{ ...identity, index, id: idOf(candidate) }] : [];
  });
  return [...Map.groupBy(identified, ({ identity }) => identity).values()]
    .filter((same) => same.length > 1 && !areVersions(same.map(({ type }) => type)))
    .flat()
    .toSorted((a, b) => a.index - b.index)
    .map(({ index, id }) => ({ index, id, pointer: '/id', detail: DUPLICATE }));
}

function areVersions(types: readonly string[]): boolean {
  const names = new Set(types.map(eventName));
  return names.size === 1 && new Set(types).size === types.length;
}

function identityIfAny(candidate: unknown): { readonly identity: string; readonly type: string } | undefined {
  if (!isJsonObject(candidate)) return undefined;
  const { id, source, type } = candidate;
  if (typeof id !== 'string' || typeof source !== 'string') return undefined;
  return { identity: identityOf({ id, source }), type: typeof type === 'string' ? type : '' };
}
