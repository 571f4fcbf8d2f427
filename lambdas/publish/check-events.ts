import { isJsonMediaType } from '../../lib/contracts/attribute-types.ts';
import type { Catalog } from '../../lib/contracts/catalog.ts';
import { checkEnvelope, type Envelope, identityOf, serializeEnvelope } from '../../lib/contracts/envelope.ts';
import type { EventVersion } from '../../lib/contracts/event-version.ts';
import { isJsonObject } from '../../lib/contracts/json.ts';
import type { Problem } from '../../lib/contracts/problem.ts';
import { entryBytes, MAX_MESSAGE_BYTES } from '../../lib/runtime/publish-chunks.ts';
import { entryOf } from '../../lib/runtime/publish-entry.ts';
import { type EventProblem, MAX_ERRORS, RequestProblem } from './problem-response.ts';
import { idOf } from './read-request.ts';

/**
 * What JSON text may hold and SQS refuses; control characters and lone surrogates are escaped there.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const REFUSED_BY_SQS = /[\uFFFE\uFFFF]/;

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

/**
 * Checks every event of a request: the envelope, the contract of its type and version, its size, and that none is there twice.
 *
 * @throws RequestProblem naming the mistakes of every event
 */
export function checkEvents(candidates: readonly unknown[], catalog: Catalog): readonly Envelope[] {
  const verdicts = candidates.map((candidate) => checkEvent(candidate, catalog));
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

function checkEvent(candidate: unknown, catalog: Catalog): Envelope | Refusal {
  // First of all, so that nothing below has to look at more than an event may have.
  const bytes = Buffer.byteLength(JSON.stringify(candidate));
  if (bytes > MAX_MESSAGE_BYTES) return tooLarge(`${bytes} bytes of JSON`);
  const { event, problems } = checkEnvelope(candidate);
  if (problems) return new Refusal('invalid', problems);
  const version = catalog.get(event.type);
  if (!version) {
    return new Refusal('invalid', [{ pointer: '/type', detail: unknownType(event.type, catalog) }]);
  }
  const broken = checkData(event, version);
  if (broken.length > 0) return new Refusal('invalid', broken);
  const total = entryBytes(entryOf(event, 0, false));
  return total > MAX_MESSAGE_BYTES ? tooLarge(`${total} bytes with its message attributes`) : event;
}

function tooLarge(size: string): Refusal {
  const detail = `has ${size}; at most ${MAX_MESSAGE_BYTES} are taken`;
  return new Refusal('tooLarge', [{ pointer: '', detail }]);
}

function unknownType(type: string, catalog: Catalog): string {
  const name = nameOf(type);
  const all = [...catalog.values()];
  const sameName = all.filter((version) => version.type === name);
  const known = (sameName.length > 0 ? sameName : all).map(({ versionedType }) => versionedType);
  return `is '${type}', which is not known here; known: ${known.join(', ')}`;
}

/** The data of every contract is JSON: anything else is named as such, not as a broken contract. */
function checkData(event: Envelope, version: EventVersion): readonly Problem[] {
  const { data, data_base64, datacontenttype = 'application/json' } = event;
  if (data_base64 !== undefined) {
    return [{ pointer: '/data_base64', detail: 'is not taken: the data is JSON; send it as data' }];
  }
  if (!isJsonMediaType(datacontenttype)) {
    return [{ pointer: '/datacontenttype', detail: `is '${datacontenttype}', but the data is JSON` }];
  }
  if (REFUSED_BY_SQS.test(serializeEnvelope(event))) {
    return [{ pointer: '/data', detail: 'has the character U+FFFE or U+FFFF, which SQS does not take' }];
  }
  return version.check(data);
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
  const names = new Set(types.map(nameOf));
  return names.size === 1 && new Set(types).size === types.length;
}

function identityIfAny(candidate: unknown): { readonly identity: string; readonly type: string } | undefined {
  if (!isJsonObject(candidate)) return undefined;
  const { id, source, type } = candidate;
  if (typeof id !== 'string' || typeof source !== 'string') return undefined;
  return { identity: identityOf({ id, source }), type: typeof type === 'string' ? type : '' };
}

/** `shop.OrderPlaced` of `shop.OrderPlaced.v1`. */
function nameOf(type: string): string {
  return type.replace(/\.v\d+$/, '');
}
