import type { SQSRecord } from 'aws-lambda';
import type { EventContract } from '../../contracts/define-event.ts';
import { datarefProblems } from '../../contracts/envelope/data-links.ts';
import { checkEnvelope, type Envelope, isErased, lacksData } from '../../contracts/envelope/envelope.ts';
import { isLargeDataLink, largeDataOf } from '../../contracts/envelope/large-data.ts';
import { JsonError, parseJson } from '../../contracts/json/json.ts';
import { describeProblems } from '../../contracts/text/problem.ts';
import { BrokenContractError } from '../../contracts/versions/upcast.ts';
import { allowedLinks } from '../../publishing/large-data/allowed-links.ts';
import { type Content, contentOf } from '../../publishing/topic/content.ts';
import { UnreadableEventError } from '../errors.ts';

/** An event that was read from a message, with its contract. */
export interface ReadEvent {
  readonly event: Envelope;
  readonly contract: EventContract;
  /** The version in which it arrived. Data that is stored elsewhere has this version too. */
  readonly arrivedVersion: number;
  /** Its content as it arrived. */
  readonly content: Content;
}

/** The contract and version of a type on the wire. */
export interface KnownType {
  readonly contract: EventContract;
  readonly version: number;
}

/** All versions that these contracts can read, by the type on the wire. */
export function knownTypes(contracts: readonly EventContract[]): ReadonlyMap<string, KnownType> {
  return new Map(
    contracts.flatMap((contract) =>
      contract.versions.map(({ version, versionedType }) => [versionedType, { contract, version }] as const),
    ),
  );
}

/**
 * Reads the event of a message as the newest version that the consumer knows. An older event gets the newest `type` and data, and
 * `upcastfrom` has its own type. Its `id` and `source` do not change. An erased event has no data.
 *
 * @throws UnreadableEventError when the message is not JSON or not a CloudEvent, the type is not known, the data breaks its contract, or
 * an upcast fails
 */
export function readEvent(record: SQSRecord, known: ReadonlyMap<string, KnownType>): ReadEvent {
  const { event, problems } = checkEnvelope(parseBody(record.body));
  if (problems)
    throw new UnreadableEventError(`the message is not a CloudEvent: ${describeProblems(problems)}`);
  const knownType = known.get(event.type);
  if (!knownType) {
    const types = [...known.keys()].join(', ');
    throw new UnreadableEventError(`the consumer does not know ${event.type}; it knows ${types}`);
  }
  const { contract, version } = knownType;
  const read = { event, contract, arrivedVersion: version, content: contentOf(event) };
  if (event.dataref !== undefined) refuseWrongLink({ ...event, upcastfrom: undefined }, contract);
  const data = lacksData(event) || isErased(event) ? undefined : dataAsNewest(read, event.data);
  if (version === contract.version) return { ...read, event: { ...event, upcastfrom: undefined, data } };
  // `dataschema` is removed, because it names the schema of the version that arrived.
  const upcast = { type: contract.versionedType, upcastfrom: event.type, dataschema: undefined, data };
  return { ...read, event: { ...event, ...upcast } };
}

/** Reads the data of an event as the newest version. @throws UnreadableEventError when it breaks the contract */
export function dataAsNewest(
  { contract, arrivedVersion }: Pick<ReadEvent, 'contract' | 'arrivedVersion'>,
  data: unknown,
): unknown {
  try {
    return contract.upcast(arrivedVersion, data);
  } catch (cause) {
    if (!(cause instanceof BrokenContractError)) throw cause;
    throw new UnreadableEventError(cause.message, { cause });
  }
}

/** Refuses a link that is not allowed, before anything else is done with the event: no handler may follow it. */
function refuseWrongLink(event: Envelope, { links }: EventContract): void {
  const { dataref = '' } = event;
  if (lacksData(event) && isLargeDataLink(dataref)) {
    refuseWrongClaim(event);
    return;
  }
  const [wrong] = datarefProblems(dataref, allowedLinks(links));
  if (wrong) throw new UnreadableEventError(`${wrong.pointer} ${wrong.detail}`);
}

function refuseWrongClaim(event: Envelope): void {
  try {
    largeDataOf(event);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UnreadableEventError(`the data of the event is not available: ${cause.message}`, { cause });
  }
}

function parseBody(body: string): unknown {
  try {
    return parseJson(body);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new UnreadableEventError(`the message ${cause.message}`, { cause });
  }
}
