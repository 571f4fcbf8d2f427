import type { SQSRecord } from 'aws-lambda';
import { datarefProblems } from '../contracts/data-links.ts';
import type { EventContract } from '../contracts/define-event.ts';
import { checkEnvelope, type Envelope, lacksData } from '../contracts/envelope.ts';
import { JsonError, parseJson } from '../contracts/json.ts';
import { isLargeDataLink, largeDataOf } from '../contracts/large-data.ts';
import { describeProblems } from '../contracts/problem.ts';
import { BrokenContract } from '../contracts/upcast.ts';
import { allowedLinks } from './allowed-links.ts';
import { UnreadableEvent } from './failures.ts';
import { type Content, contentOf } from './idempotency/content.ts';

/** An event that a message carried, and the contract that it keeps. */
export interface ReadEvent {
  readonly event: Envelope;
  readonly contract: EventContract;
  /** The version in which it arrived, and in which data that lies elsewhere is. */
  readonly arrivedVersion: number;
  /** What it said when it arrived. */
  readonly content: Content;
}

/** A type on the wire: the contract that takes it, as which of its versions. */
export interface KnownType {
  readonly contract: EventContract;
  readonly version: number;
}

/** Everything that these contracts can read, by its type on the wire. */
export function knownTypes(contracts: readonly EventContract[]): ReadonlyMap<string, KnownType> {
  return new Map(
    contracts.flatMap((contract) =>
      contract.versions.map(({ version, versionedType }) => [versionedType, { contract, version }] as const),
    ),
  );
}

/**
 * Reads the event out of a message, as the newest version of it that the consumer knows. One that arrived older has
 * the newest `type` and data, and its own type in `upcastfrom`; its `id` and `source`, and so what it is, stay.
 *
 * @throws UnreadableEvent saying what is wrong with it: not JSON, no CloudEvent, an unknown type, broken data, or an upcast
 * that fails
 */
export function readEvent(record: SQSRecord, known: ReadonlyMap<string, KnownType>): ReadEvent {
  const { event, problems } = checkEnvelope(parseBody(record.body));
  if (problems) throw new UnreadableEvent(`the message is no CloudEvent: ${describeProblems(problems)}`);
  const taken = known.get(event.type);
  if (!taken) {
    const types = [...known.keys()].join(', ');
    throw new UnreadableEvent(`the consumer does not know ${event.type}; it takes ${types}`);
  }
  const { contract, version } = taken;
  const read = { event, contract, arrivedVersion: version, content: contentOf(event) };
  if (event.dataref !== undefined) refuseWrongLink({ ...event, upcastfrom: undefined }, contract);
  const data = lacksData(event) ? undefined : dataAsNewest(read, event.data);
  if (version === contract.version) return { ...read, event: { ...event, upcastfrom: undefined, data } };
  // A schema that the publisher named is that of the version which arrived.
  const upcast = { type: contract.versionedType, upcastfrom: event.type, dataschema: undefined, data };
  return { ...read, event: { ...event, ...upcast } };
}

/** Data that belongs to an event, read as the newest version. @throws UnreadableEvent when it breaks the contract */
export function dataAsNewest(
  { contract, arrivedVersion }: Pick<ReadEvent, 'contract' | 'arrivedVersion'>,
  data: unknown,
): unknown {
  try {
    return contract.upcast(arrivedVersion, data);
  } catch (cause) {
    if (!(cause instanceof BrokenContract)) throw cause;
    throw new UnreadableEvent(cause.message, { cause });
  }
}

/** Looks at the link before anything is done with the event: neither the runtime nor a handler may follow a wrong one. */
function refuseWrongLink(event: Envelope, { links }: EventContract): void {
  const { dataref = '' } = event;
  if (lacksData(event) && isLargeDataLink(dataref)) {
    refuseWrongClaim(event);
    return;
  }
  const [wrong] = datarefProblems(dataref, allowedLinks(links));
  if (wrong) throw new UnreadableEvent(`${wrong.pointer} ${wrong.detail}`);
}

function refuseWrongClaim(event: Envelope): void {
  try {
    largeDataOf(event);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UnreadableEvent(`the data of the event cannot be had: ${cause.message}`, { cause });
  }
}

function parseBody(body: string): unknown {
  try {
    return parseJson(body);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new UnreadableEvent(`the message ${cause.message}`, { cause });
  }
}
