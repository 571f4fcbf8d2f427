import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** Where an event stands with a consumer. */
export type Status = 'IN_PROGRESS' | 'COMMITTED' | 'COMPLETED' | 'FAILED';

/** What the idempotency table knows of an event. */
export interface IdempotencyRecord {
  readonly status: Status;
  /** The invocation that wrote it last. */
  readonly owner: string;
  /** Epoch milliseconds until which the owner may work on it. */
  readonly leaseUntil: number;
  /** Events that belong to the commit and are not known to be published, as JSON. */
  readonly outbox: readonly string[];
}

/** A record stays under 1 KB, one write unit, unless it has an outbox; the key alone may take some hundred bytes. */
const MAX_ERROR_CHARACTERS = 256;

/** Types named in a record at most, of all that a handler has emitted. */
const MAX_EMITTED_TYPES = 8;

const STATUSES: ReadonlySet<string> = new Set<Status>(['IN_PROGRESS', 'COMMITTED', 'COMPLETED', 'FAILED']);

/** @throws Error when the item is no idempotency record: somebody else writes to the table */
export function readRecord(item: Readonly<Record<string, AttributeValue>>): IdempotencyRecord {
  const [status] = (item.status?.S ?? '').split(' ', 1);
  if (!isStatus(status)) {
    throw new Error(
      `item ${item.id?.S} of the idempotency table has the status '${status}'; only Fanfare may write there`,
    );
  }
  return {
    status,
    owner: item.owner?.S ?? '',
    leaseUntil: Number(item.leaseUntil?.N ?? 0),
    outbox: (item.outbox?.L ?? []).flatMap(({ S }) => (S === undefined ? [] : [S])),
  };
}

function isStatus(text: string | undefined): text is Status {
  return text !== undefined && STATUSES.has(text);
}

/** The reason of a failure as it is kept in the record. */
export function errorAttribute(error: Error): AttributeValue {
  return {
    M: { name: { S: error.name.slice(0, 64) }, message: { S: error.message.slice(0, MAX_ERROR_CHARACTERS) } },
  };
}

/**
 * The status of what is done: the word, when it was done, and the types of what was emitted. All in one attribute, for a
 * batch of PartiQL statements cannot set two in a way that the embedded engine and DynamoDB both take; no condition asks for it.
 *
 * @param at epoch milliseconds
 */
export function completedAttribute(at: number, emitted: readonly string[]): AttributeValue {
  const types = emitted.slice(0, MAX_EMITTED_TYPES);
  if (emitted.length > types.length) types.push(`+${emitted.length - types.length}`);
  return { S: ['COMPLETED', new Date(at).toISOString(), ...types].join(' ') };
}

export function outboxAttribute(outbox: readonly string[]): AttributeValue {
  return { L: outbox.map((event) => ({ S: event })) };
}
