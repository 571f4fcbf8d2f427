import type { Catalog } from '../../lib/contracts/catalog.ts';
import { checkEnvelope, type Envelope, identityOf, serializeEnvelope } from '../../lib/contracts/envelope.ts';
import { isJsonObject } from '../../lib/contracts/json.ts';
import type { Problem } from '../../lib/contracts/problem.ts';
import { entryBytes, MAX_MESSAGE_BYTES } from '../../lib/runtime/publish-chunks.ts';
import { entryOf } from '../../lib/runtime/publisher.ts';
import { type EventProblem, RequestProblem } from './problem-response.ts';
import { idOf } from './read-request.ts';

/**
 * What JSON text may hold and SQS refuses; control characters and lone surrogates are escaped there.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const REFUSED_BY_SQS = /[\uFFFE\uFFFF]/;

const DUPLICATE = 'is there more than once in this request, from the same source';

/**
 * Checks every event of a request: the envelope, the contract of its type, its size, and that none is there twice.
 *
 * @throws RequestProblem naming every mistake of every event
 */
export function checkEvents(candidates: readonly unknown[], catalog: Catalog): readonly Envelope[] {
  const events: Envelope[] = [];
  const problems: EventProblem[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const { event, problems: found = [] } = checkEvent(candidate, catalog);
    if (event) events.push(event);
    problems.push(...found.map((problem) => ({ index, id: idOf(candidate), ...problem })));
  }
  problems.push(...findDuplicates(candidates));
  if (problems.length > 0) {
    throw new RequestProblem(
      'invalid',
      `${count(problems.length, 'problem')}; nothing was published`,
      problems,
    );
  }
  const oversize = events.flatMap((event, index) => sizeProblem(event, index));
  if (oversize.length > 0) {
    throw new RequestProblem(
      'tooLarge',
      `${count(oversize.length, 'event')} too large; nothing was published`,
      oversize,
    );
  }
  return events;
}

function checkEvent(
  candidate: unknown,
  catalog: Catalog,
): { readonly event?: Envelope; readonly problems?: readonly Problem[] } {
  const { event, problems } = checkEnvelope(candidate);
  if (problems) return { problems };
  const contract = catalog.get(event.type);
  if (!contract) return { problems: [{ pointer: '/type', detail: unknownType(event.type, catalog) }] };
  const broken = [...contract.check(event.data), ...textProblems(event)];
  return broken.length > 0 ? { problems: broken } : { event };
}

function unknownType(type: string, catalog: Catalog): string {
  const name = type.replace(/\.v\d+$/, '');
  const all = [...catalog.values()];
  const sameName = all.filter((contract) => contract.type === name);
  const known = (sameName.length > 0 ? sameName : all).map(({ versionedType }) => versionedType);
  return `is '${type}', which is not known here; known: ${known.join(', ')}`;
}

function textProblems(event: Envelope): readonly Problem[] {
  return REFUSED_BY_SQS.test(serializeEnvelope(event))
    ? [{ pointer: '/data', detail: 'has the character U+FFFE or U+FFFF, which SQS does not take' }]
    : [];
}

/** Looks at every candidate that has an identity, also at those that are wrong otherwise. */
function findDuplicates(candidates: readonly unknown[]): EventProblem[] {
  const identities = candidates.map(identityIfAny);
  const counts = new Map<string, number>();
  for (const identity of identities) {
    if (identity !== undefined) counts.set(identity, (counts.get(identity) ?? 0) + 1);
  }
  return candidates.flatMap((candidate, index) =>
    (counts.get(identities[index] ?? '') ?? 0) > 1
      ? [{ index, id: idOf(candidate), pointer: '/id', detail: DUPLICATE }]
      : [],
  );
}

function identityIfAny(candidate: unknown): string | undefined {
  if (!isJsonObject(candidate)) return undefined;
  const { id, source } = candidate;
  return typeof id === 'string' && typeof source === 'string' ? identityOf({ id, source }) : undefined;
}

function sizeProblem(event: Envelope, index: number): EventProblem[] {
  const bytes = entryBytes(entryOf(event, index, false));
  if (bytes <= MAX_MESSAGE_BYTES) return [];
  return [
    {
      index,
      id: event.id,
      pointer: '',
      detail: `has ${bytes} bytes with its attributes; at most ${MAX_MESSAGE_BYTES} are taken`,
    },
  ];
}

function count(number: number, noun: string): string {
  return `the request has ${number} ${noun}${number === 1 ? '' : 's'}`;
}
