import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { clipText } from '../../contracts/text/clip-text.ts';
import { type Reason, reasonOf } from '../../contracts/text/error-reason.ts';

/** The status of an event with one consumer. */
export type Status = 'IN_PROGRESS' | 'COMMITTED' | 'COMPLETED' | 'FAILED';

/** The idempotency record of an event. */
export interface IdempotencyRecord {
  readonly status: Status;
  /** The invocation that wrote it last. */
  readonly owner: string;
  /** Epoch milliseconds at which the owner's lease ends. */
  readonly leaseUntil: number;
  /** Epoch seconds from which the record counts as absent. DynamoDB may delete it later. */
  readonly expiresAt: number;
  /** Number of attempts since the message was first received. */
  readonly attempts: number;
  /** Epoch milliseconds at which the last attempt began, or was recorded as failed. When an event is given up, it has had its last attempt. */
  readonly lastActiveAt: number;
  /** Epoch milliseconds at which the last attempt began; 0 when none has. */
  readonly startedAt: number;
  /** Whether the process had no other event during the last attempt. */
  readonly alone: boolean;
  /** Token of the commit that finished the event; undefined when there was no commit. */
  readonly commitToken: string | undefined;
  /** Emitted events of the commit that may not be published yet, as JSON. */
  readonly outbox: readonly string[];
  /** Digests of the events that a failed attempt emitted, by position. */
  readonly emitted: readonly string[];
  /** Why the last attempt failed. */
  readonly error: Reason | undefined;
  /** Whether the event was given up, so that its message goes to the dead-letter queue. */
  readonly dead: boolean;
  /** Notes of failed attempts, the newest first. */
  readonly attemptNotes: readonly string[];
  /** The type of its event on the wire. */
  readonly type: string | undefined;
  /** The digest of its event's content. */
  readonly digest: string | undefined;
}

/** These limits keep a record without an outbox under 1 KB, which is one write unit. The key alone may need some hundred bytes. */
const MAX_ERROR_CHARACTERS = 256;
const MAX_ERROR_NAME_CHARACTERS = 64;

/** Maximum number of types of emitted events in a record. */
const MAX_EMITTED_TYPES = 8;
/** Maximum number of digests that are kept of a failed attempt. The first events matter most. */
const MAX_EMITTED_DIGESTS = 8;

const STATUSES: ReadonlySet<string> = new Set<Status>(['IN_PROGRESS', 'COMMITTED', 'COMPLETED', 'FAILED']);

/** Reads an item of the table. @throws Error when the item is not an idempotency record: another program writes to the table */
export function readRecord(item: Readonly<Record<string, AttributeValue>>): IdempotencyRecord {
  const [status] = (item.status?.S ?? '').split(' ', 1);
  if (!isStatus(status)) {
    throw new Error(
      `item ${item.id?.S} of the idempotency table has the status '${status}'; only Fanfare may write there`,
    );
  }
  const failedAt = Number(item.failedAt?.N ?? 0);
  const startedAt = Number(item.startedAt?.N ?? 0);
  const dead = item.dead?.BOOL ?? false;
  return {
    status,
    owner: item.owner?.S ?? '',
    leaseUntil: Number(item.leaseUntil?.N ?? 0),
    expiresAt: Number(item.expiresAt?.N ?? Number.POSITIVE_INFINITY),
    attempts: Number(item.attempts?.N ?? 0),
    lastActiveAt: dead ? failedAt : Math.max(startedAt, failedAt),
    startedAt,
    alone: item.alone?.BOOL ?? false,
    commitToken: item.commitToken?.S,
    outbox: outboxOf(item, status),
    emitted: item.emitted?.S?.split(' ') ?? [],
    error: errorOf(item.error),
    dead,
    attemptNotes: item.attemptNotes?.L?.flatMap(({ S }) => S ?? []) ?? [],
    type: item.type?.S,
    digest: item.digest?.S,
  };
}

function isStatus(text: string | undefined): text is Status {
  return text !== undefined && STATUSES.has(text);
}

/** Reads the outbox. @throws Error when a committed record has no readable outbox: its events would be lost silently */
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

/** The reason of a failure as the record stores it. */
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
 * The status of a completed event: the word COMPLETED, the time, and the types of the emitted events. All are in one attribute, because
 * DynamoDB and the embedded engine do not both accept a PartiQL batch that sets two. No condition compares this value.
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

/** The digests of the events that a failed attempt emitted, to compare the next attempt with them. */
export function emittedAttribute(digests: readonly string[]): AttributeValue {
  return { S: digests.slice(0, MAX_EMITTED_DIGESTS).join(' ') };
}
