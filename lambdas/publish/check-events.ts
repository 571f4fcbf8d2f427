import type { Catalog } from '../../lib/contracts/catalog.ts';
import { datarefProblems } from '../../lib/contracts/data-links.ts';
import {
  checkEnvelope,
  type Envelope,
  identityOf,
  lacksData,
  stampProblem,
} from '../../lib/contracts/envelope.ts';
import { eventName } from '../../lib/contracts/event-name.ts';
import type { EventVersion } from '../../lib/contracts/event-version.ts';
import { isJsonObject } from '../../lib/contracts/json.ts';
import type { Problem } from '../../lib/contracts/problem.ts';
import { COMPLETION_BYTES } from '../../lib/contracts/request-limits.ts';
import { allowedLinks } from '../../lib/runtime/allowed-links.ts';
import { sizeProblem, tooLarge } from '../../lib/runtime/event-size.ts';
import { MAX_MESSAGE_BYTES } from '../../lib/runtime/publish-chunks.ts';
import { type EventProblem, MAX_ERRORS, RequestProblem } from './problem-response.ts';
import { idOf } from './read-request.ts';

const DUPLICATE = 'is there more than once in this request, from the same source';

/** What is wrong with one event. Of many problems only the first are kept: a hostile event can have a million. */
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

/** What an event may be. */
export interface EventRules {
  readonly catalog: Catalog;
  /** The largest event that the publisher takes, in bytes. */
  readonly maxEventBytes: number;
  /** The event as it is published: with the name of its producer. */
  readonly stamp: (event: Envelope) => Envelope;
}

/**
 * Checks every event of a request: the envelope, the contract of its type and version, its size, and that none is there twice.
 *
 * @throws RequestProblem naming the mistakes of every event
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
  throw new RequestProblem(
    onlySize ? 'tooLarge' : 'invalid',
    `the request has ${total} problem${total === 1 ? '' : 's'}; nothing was published`,
    { errors: [...errors, ...duplicates], total },
  );
}

function checkEvent(candidate: unknown, { catalog, maxEventBytes, stamp }: EventRules): Envelope | Refusal {
  // First of all, so that nothing below has to look at more than an event may have.
  const bytes = Buffer.byteLength(JSON.stringify(candidate));
  if (bytes > maxEventBytes + COMPLETION_BYTES) {
    return new Refusal('tooLarge', [tooLarge(`${bytes} bytes of JSON`, maxEventBytes)]);
  }
  const { event, problems } = checkEnvelope(candidate);
  if (problems) return new Refusal('invalid', problems);
  const version = catalog.get(event.type);
  if (!version) {
    return new Refusal('invalid', [{ pointer: '/type', detail: unknownType(event.type, catalog) }]);
  }
  const broken = checkData(event, version);
  if (broken.length > 0) return new Refusal('invalid', broken);
  const forged = stampProblem(event);
  if (forged) return new Refusal('invalid', [forged]);
  // Where data can be put elsewhere, the limit is that of the request, which has been kept.
  const stamped = stamp(event);
  const large = sizeProblem(
    stamped,
    maxEventBytes > MAX_MESSAGE_BYTES ? Number.POSITIVE_INFINITY : maxEventBytes,
  );
  return large ? new Refusal('tooLarge', [large]) : stamped;
}

function unknownType(type: string, catalog: Catalog): string {
  const name = eventName(type);
  const all = [...catalog.values()];
  const sameName = all.filter((version) => version.type === name);
  const known = (sameName.length > 0 ? sameName : all).map(({ versionedType }) => versionedType);
  return `is '${type}', which is not known here; known: ${known.join(', ')}`;
}

function checkData(event: Envelope, version: EventVersion): readonly Problem[] {
  const { dataref } = event;
  return [
    ...(dataref === undefined ? [] : datarefProblems(dataref, allowedLinks(version.links))),
    ...(lacksData(event) ? [] : version.check(event.data)),
  ];
}

/**
 * Looks at every candidate that has an identity, also at those that are wrong otherwise. Several versions of one event are
 * no duplicates: they are one fact, said to old and to new consumers.
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
