import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { consumerSource } from '../../contracts/consumer-source.ts';
import { shortenLinks } from '../../contracts/short-links.ts';
import { uuidV5 } from '../../contracts/uuid-v5.ts';

/** What an idempotency record tells of one event at one consumer. */
export interface TracedRecord {
  readonly consumer: string;
  readonly id: string;
  readonly source: string;
  readonly type: string;
  /** The correlation id. */
  readonly story: string;
  readonly at?: number | undefined;
  readonly status: string;
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly attempts?: number | undefined;
  readonly error?: string | undefined;
  readonly emitted: readonly { readonly id: string; readonly source: string; readonly type: string }[];
}

/** Reads a record as the runtime writes it; undefined when it is another kind of item, or from before there were facts. */
export function readTracedRecord(
  consumer: string,
  item: Readonly<Record<string, AttributeValue>>,
): TracedRecord | undefined {
  const { id, type, story, time, status, startedAt, failedAt, attempts, error } = item;
  const [source, eventId] = splitIdentity(id?.S ?? '');
  if (eventId === undefined || type?.S === undefined || status?.S === undefined) return undefined;
  const [word = '', completedAt, ...types] = status.S.split(' ');
  const failed = word === 'FAILED';
  // A claim that was given back before its handler began: nothing has failed.
  const waits = failed && error === undefined;
  return {
    consumer,
    id: eventId,
    source,
    type: type.S,
    story: story?.S ?? eventId,
    at: timeOf(time?.S),
    status: waits ? 'WAITING' : word,
    startedAt: numberOf(startedAt),
    endedAt: failed ? numberOf(failedAt) : timeOf(completedAt),
    attempts: numberOf(attempts),
    // What an earlier version has noted may have a whole link in it.
    error: failed && !waits ? shortenLinks(`${error?.M?.name?.S}: ${error?.M?.message?.S}`) : undefined,
    emitted: [...emittedOf(consumer, id?.S ?? '', types), ...outboxOf(item.outbox?.L ?? [])],
  };
}

/** `<source>|<id>`: a source is a URI-reference, which has no bar in it. */
function splitIdentity(identity: string): [string, string | undefined] {
  const bar = identity.indexOf('|');
  return bar < 0 ? [identity, undefined] : [identity.slice(0, bar), identity.slice(bar + 1)];
}

/** Emitted events have ids that follow from who emitted them, in answer to what, and as the how-manieth. */
function emittedOf(consumer: string, identity: string, types: readonly string[]) {
  return types
    .filter((type) => !type.startsWith('+'))
    .map((type, position) => ({
      id: uuidV5(consumer, identity, String(position)),
      source: consumerSource(consumer),
      type,
    }));
}

/** What is committed and not known to be published yet. */
function outboxOf(outbox: readonly AttributeValue[]) {
  return outbox.flatMap(({ S }) => {
    // Written by emit(), from an envelope.
    const event = JSON.parse(S ?? '{}') as {
      readonly id: string;
      readonly source: string;
      readonly type: string;
    };
    return [{ id: event.id, source: event.source, type: event.type }];
  });
}

function numberOf(value: AttributeValue | undefined): number | undefined {
  return value?.N === undefined ? undefined : Number(value.N);
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}
