import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Envelope, identityOf } from '../../contracts/envelope.ts';
import type { Content } from './content.ts';

/** What a record tells of its event, so that a story can be put together from the records alone. */
export interface EventFacts {
  /** `<source>|<id>` */
  readonly id: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Tells another event under the same identity from a repetition of this one. */
  readonly content: Content;
}

/** Longer ones are left out: a record has to stay under 1 KB, one write unit. */
const MAX_BYTES = 256;

/**
 * Picks the facts of an event: its `type` on the wire, the `digest` of what it says, the `time` that it names, its `story` (the
 * correlation id) and its `cause` (the causation id). They cost no request and no write unit.
 */
export function factsOf(event: Envelope, content: Content): EventFacts {
  const { time, correlationid = event.id, causationid } = event;
  const facts = { ...content, time, story: correlationid, cause: causationid };
  const kept = Object.entries(facts).flatMap(([name, value]) =>
    value !== undefined && Buffer.byteLength(value) <= MAX_BYTES ? [[name, { S: value }] as const] : [],
  );
  return { id: identityOf(event), attributes: Object.fromEntries(kept), content };
}
