import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { parseAttemptNote } from '../../contracts/delivery/attempt-note.ts';
import { readRecordKey } from '../../contracts/delivery/replay.ts';
import { consumerSource, emitterName } from '../../contracts/envelope/consumer-source.ts';
import { parseStoredJson } from '../../contracts/json/stored-json.ts';
import { shortenLinks } from '../../contracts/text/short-links.ts';
import { uuidV5 } from '../../contracts/uuid-v5.ts';
import type { DeployedConsumer } from '../deployed-consumer.ts';
import { readOperation } from './operation-note.ts';
import type { Attempt, Handling } from './traced-event.ts';

/** A consumer whose record it is. */
export type Emitter = Pick<DeployedConsumer, 'name' | 'owner' | 'bus' | 'label'>;

type Item = Readonly<Record<string, AttributeValue>>;

/** An idempotency record: one event at one consumer. */
export interface TracedRecord extends Omit<Handling, 'emitted'> {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The correlation id. */
  readonly correlationId: string;
  readonly at?: number | undefined;
  readonly emitted: readonly { readonly id: string; readonly source: string; readonly type: string }[];
}

/** Reads a record that the runtime wrote; undefined when the item is of another kind, or of a version without these attributes. */
export function readTracedRecord(
  { name, owner, bus, label }: Emitter,
  item: Item,
  now: number = Date.now(),
): TracedRecord | undefined {
  const { id, type, correlationId, time, status } = item;
  const key = readRecordKey(id?.S ?? '');
  if (!key || type?.S === undefined || status?.S === undefined) return undefined;
  const [word = '', completedAt, ...types] = status.S.split(' ');
  const facts = {
    consumer: label,
    id: key.id,
    source: key.source,
    type: type.S,
    correlationId: correlationId?.S ?? key.id,
    at: timeOf(time?.S),
    ...replayOf(key.again, item.replay?.S),
  };
  const startedAt = numberOf(item.startedAt);
  const emitted = [
    ...emittedOf(emitterName(name, owner, bus), id?.S ?? '', types),
    ...outboxOf(item.outbox?.L ?? []),
  ];
  return {
    ...facts,
    ...statusOf(word, item, now),
    startedAt,
    endedAt: word === 'FAILED' ? numberOf(item.failedAt) : timeOf(completedAt),
    // With emitted events, `completedAt` is when they were published. Without any, it is when the commit was sent.
    endsWithCommit: word === 'COMPLETED' && item.commitToken !== undefined && types.length === 0,
    attempts: numberOf(item.attempts),
    history: historyOf(word, item, timeOf(completedAt)),
    emitted,
  };
}

function statusOf(word: string, item: Item, now: number): Pick<Handling, 'status' | 'since' | 'error'> {
  const operation = readOperation(item.operation?.S);
  const failedAt = numberOf(item.failedAt);
  switch (word) {
    case 'COMPLETED':
      return { status: 'completed' };
    case 'COMMITTED':
      return { status: 'committed' };
    case 'IN_PROGRESS':
      if (operation) return operation;
      return { status: (numberOf(item.leaseUntil) ?? 0) > now ? 'handling' : 'died' };
    default: {
      // The claim was released before the handler began, so nothing has failed.
      if (item.error === undefined) return { status: 'waiting' };
      const { name, message } = item.error.M ?? {};
      // An earlier version may have written a full link.
      const error = shortenLinks(`${name?.S}: ${message?.S}`);
      if (operation) return { ...operation, error };
      return { status: item.dead?.BOOL ? 'dead' : 'retrying', since: failedAt, error };
    }
  }
}

/** The recorded attempts, and the current one if it is not among them. */
function historyOf(word: string, item: Item, completedAt: number | undefined): readonly Attempt[] {
  const recorded = (item.attemptNotes?.L ?? [])
    .flatMap(({ S = '' }) => parseAttemptNote(S) ?? [])
    .toReversed();
  const startedAt = numberOf(item.startedAt);
  if (word === 'FAILED' || startedAt === undefined) return recorded;
  return [...recorded, { attempt: numberOf(item.attempts) ?? 1, startedAt, endedAt: completedAt }];
}

/** The replay of a record: one that repeats effects has a key of its own, and of another the record has only the id. */
function replayOf(again: string | undefined, fill: string | undefined): Pick<Handling, 'replay'> {
  if (again !== undefined) return { replay: { id: again, mode: 'again' } };
  return fill === undefined ? {} : { replay: { id: fill, mode: 'fill' } };
}

/** The emitted events. The id of each is derived from its consumer, the key of its parent's record and its index among the emitted events. */
function emittedOf(emitter: string, key: string, types: readonly string[]) {
  return types
    .filter((type) => !type.startsWith('+'))
    .map((type, position) => ({
      id: uuidV5(emitter, key, String(position)),
      source: consumerSource(emitter),
      type,
    }));
}

/** Emitted events that are committed and not known to be published yet. */
function outboxOf(outbox: readonly AttributeValue[]) {
  return outbox.flatMap(({ S = '' }) => {
    const { id, source, type } = eventOf(S);
    if (typeof id !== 'string' || typeof source !== 'string' || typeof type !== 'string') return [];
    return [{ id, source, type }];
  });
}

/** Without members when the text is no event: the runtime has not written it, and the rest of the record is shown. */
function eventOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(parseStoredJson(text, 'the entry'));
  } catch {
    // It is no JSON, or nested deeper than the stack.
    return {};
  }
}

function numberOf(value: AttributeValue | undefined): number | undefined {
  return value?.N === undefined ? undefined : Number(value.N);
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}
