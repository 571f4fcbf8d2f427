import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Replay, recordKey } from '../../contracts/delivery/replay.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import type { Content } from '../../publishing/topic/content.ts';

/** What a record contains of its event, so that a trace can be built from the records alone. */
export interface EventFacts {
  /** The key of the record: `<source>|<id>`, with the id of a replay that repeats effects. */
  readonly id: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** The content of the event, to distinguish a duplicate from another event with the same identity. */
  readonly content: Content;
}

/** Longer attributes are left out: a record has to stay under 1 KB, which is one write unit. */
const MAX_BYTES = 256;

/**
 * The facts of an event: its `type` on the wire, the `digest` of its content, its `time`, `correlationId` and `causationId`, and the
 * `replay` that has sent it. They need no extra request and no extra write unit.
 */
export function factsOf(event: Envelope, content: Content, replay?: Replay): EventFacts {
  const { time, correlationid = event.id, causationid } = event;
  const facts = {
    ...content,
    time,
    correlationId: correlationid,
    causationId: causationid,
    replay: replay?.id,
  };
  const kept = Object.entries(facts).flatMap(([name, value]) =>
    value !== undefined && Buffer.byteLength(value) <= MAX_BYTES ? [[name, { S: value }] as const] : [],
  );
  return { id: recordKey(event, replay), attributes: Object.fromEntries(kept), content };
}
