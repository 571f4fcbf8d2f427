import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { clipText } from '../../contracts/clip-text.ts';
import { type Reason, reasonOf } from '../error-reason.ts';

/** Where an event stands with a consumer. */
export type Status = 'IN_PROGRESS' | 'COMMITTED' | 'COMPLETED' | 'FAILED';

/** What the idempotency table knows of an event. */
export interface IdempotencyRecord {
  readonly status: Status;
  /** The invocation that wrote it last. */
  readonly owner: string;
  /** Epoch milliseconds until which the owner may work on it. */
  readonly leaseUntil: number;
  /** Epoch seconds from which the record counts as absent, whenever DynamoDB deletes it. */
  readonly expiresAt: number;
  /** How often a handler has begun with this event since its message was first received. */
  readonly attempts: number;
  /** Epoch milliseconds at which the last attempt began, or was noted as failed. */
  readonly lastActiveAt: number;
  /** Whether the last attempt was made with no other event in the process. */
  readonly alone: boolean;
  /** Token of the commit that finished the event, if one has. */
  readonly commitToken: string | undefined;
  /** Events that belong to the commit and are not known to be published, as JSON. */
  readonly outbox: readonly string[];
  /** Digests of what a failed attempt has emitted, by position. */
  readonly emitted: readonly string[];
  /** Why the last attempt failed. */
  readonly error: Reason | undefined;
  /** The type of its event on the wire. */
  readonly type: string | undefined;
  /** The digest of what its event says. */
  readonly digest: string | undefined;
}

/** A record stays under 1 KB, one write unit, unless it has an outbox; the key alone may take some hundred bytes. */
const MAX_ERROR_CHARACTERS = 256;
const MAX_ERROR_NAME_CHARACTERS = 64;

/** Types named in a record at most, of all that a handler has emitted. */
const MAX_EMITTED_TYPES = 8;
/** Digests kept of a failed attempt at most: the first events tell the most. */
const MAX_EMITTED_DIGESTS = 8;

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
    expiresAt: Number(item.expiresAt?.N ?? Number.POSITIVE_INFINITY),
    attempts: Number(item.attempts?.N ?? 0),
    lastActiveAt: Math.max(Number(item.startedAt?.N ?? 0), Number(item.failedAt?.N ?? 0)),
    alone: item.alone?.BOOL ?? false,
    commitToken: item.commitToken?.S,
    outbox: outboxOf(item, status),
    emitted: item.emitted?.S?.split(' ') ?? [],
    error: errorOf(item.error),
    type: item.type?.S,
    digest: item.digest?.S,
  };
}

function isStatus(text: string | undefined): text is Status {
  return text !== undefined && STATUSES.has(text);
}

/** @throws Error when what is committed has no outbox that can be read: its events would be lost without a word */
function outboxOf(
  { id, outbox }: Readonly<Record<string, AttributeValue>>,
  status: Status,
): readonly string[] {
  if (status !== 'COMMITTED') return [];
  const texts = outbox?.L?.flatMap(({ S }) => (S === undefined ? [] : [S])) ?? [];
  if (texts.length === 0 || texts.length !== outbox?.L?.length) {
    throw new Error(`item ${id?.S} of the idempotency table is COMMITTED, but its outbox cannot be read`);
  }
  return texts;
}

function errorOf(attribute: AttributeValue | undefined): Reason | undefined {
  const { name, message } = attribute?.M ?? {};
  return name?.S === undefined ? undefined : { name: name.S, message: message?.S ?? '' };
}

/** The reason of a failure as it is kept in the record. */
export function errorAttribute(error: Error): AttributeValue {
  const { name, message } = reasonOf(error);
  return {
    M: {
      name: { S: clipText(name, MAX_ERROR_NAME_CHARACTERS) },
      message: { S: clipText(message, MAX_ERROR_CHARACTERS) },
    },
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

/** What a failed attempt has emitted, so that the next one can be compared with it. */
export function emittedAttribute(digests: readonly string[]): AttributeValue {
  return { S: digests.slice(0, MAX_EMITTED_DIGESTS).join(' ') };
}
