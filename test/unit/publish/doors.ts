import * as z from 'zod';
import { eventActions } from '../../../lib/console/actions/event-actions.ts';
import type { ConsoleContext } from '../../../lib/console/console-context.ts';
import { createCatalog } from '../../../lib/contracts/catalog.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import {
  CLOUDEVENTS_BATCH_JSON,
  CLOUDEVENTS_JSON,
  type Envelope,
  serializeEnvelope,
} from '../../../lib/contracts/envelope/envelope.ts';
import { MAX_IDENTITY_BYTES } from '../../../lib/contracts/envelope/envelope-rules.ts';
import { parseJson } from '../../../lib/contracts/json/json.ts';
import { createPublisher, type Publisher } from '../../../lib/publishing/client/create-publisher.ts';
import { publishRequest } from '../../../lib/publishing/http/publish-request.ts';
import { sizeProblem } from '../../../lib/publishing/topic/event-size.ts';
import { MAX_MESSAGE_BYTES } from '../../../lib/publishing/topic/publish-chunks.ts';
import { knownTypes, readEvent } from '../../../lib/runtime/event/read-event.ts';
import { emittedEvent } from '../../../lib/runtime/handling/emitted-event.ts';
import { recordOf } from './record-of.ts';

export const Anything = defineEvent({
  type: 'test.Anything',
  version: 1,
  description: 'Anything.',
  data: z.unknown(),
});
const catalog = createCatalog([Anything]);
const known = knownTypes([Anything]);

/** A UUID, and the `|` before it. */
const UUID_BYTES = 37;

/** An event as somebody might try to bring it in; nothing of it is known to be right. */
export type Candidate = Readonly<Record<string, unknown>>;

/** What is on the wire once a door has let an event through, or why it has not. */
export type Verdict = { readonly wire: string; readonly reason?: never } | { readonly reason: string };

/** Tries an event at one door; undefined when the door has no words for it. */
export type Door = (candidate: Candidate) => Promise<Verdict | undefined>;

/** Every way into the bus. */
export const doors: Readonly<Record<string, Door>> = {
  structured: (candidate) =>
    request({ 'content-type': CLOUDEVENTS_JSON }, Buffer.from(JSON.stringify(candidate))),
  batched: (candidate) =>
    request({ 'content-type': CLOUDEVENTS_BATCH_JSON }, Buffer.from(JSON.stringify([candidate]))),
  binary: async ({ data, datacontenttype = 'application/json', ...attributes }) => {
    const texts = Object.entries(attributes).map(([name, value]) => [name, String(value)] as const);
    // Half of a surrogate pair has no UTF-8, and so no percent-encoding.
    if (data === undefined || texts.some(([, text]) => !text.isWellFormed())) return undefined;
    const headers = texts.map(([name, text]) => [`ce-${name}`, encodeURIComponent(text)]);
    return request(
      { ...Object.fromEntries(headers), 'content-type': String(datacontenttype) },
      // As it is it could be what API Gateway has made of bytes that were no UTF-8.
      Buffer.from(JSON.stringify(data).replaceAll('\ufffd', String.raw`\ufffd`)),
    );
  },
  publisher: ({ data, time, datacontenttype: _type, specversion: _version, type: _name, ...options }) =>
    sent(async (publisher) => {
      await publisher.publish(Anything, data, { ...options, ...dateOf(time) });
    }),
  console: async ({ source, subject, data, deliverat: at }) => {
    // It makes the id itself: a source that leaves no room for a UUID is refused for its own id, not for this event's.
    if (Buffer.byteLength(String(source)) > MAX_IDENTITY_BYTES - UUID_BYTES) return undefined;
    return sent(async (publisher) => {
      const deployed = { contracts: [Anything], publisher, readOnly: false } as unknown as ConsoleContext;
      const publish = eventActions(deployed).find(({ pattern }) => pattern.pathname === '/api/publish');
      await publish?.run(
        {},
        { type: 'test.Anything.v1', source, subject, data, at },
        new AbortController().signal,
      );
    });
  },
  emit: async ({ subject, partitionkey, data, deliverat: at }) =>
    verdictOf(async () => serializeEnvelope(emit('a-consumer', PARENT, data, { subject, partitionkey, at }))),
  consumer: (candidate) =>
    verdictOf(async () => {
      const body = JSON.stringify(candidate);
      const { event } = readEvent(recordOf(body), known);
      // SNS has let no larger one through.
      const large = sizeProblem(event, { maxEventBytes: MAX_MESSAGE_BYTES, now: 0 });
      if (large) throw new RangeError(large.detail);
      return body;
    }),
};

const PARENT: Envelope = { specversion: '1.0', id: 'parent', source: '/test', type: 'test.Anything.v1' };

/** What a consumer emits for an event on the wire, if it says no more than it must. */
export function answerTo(wire: string, consumer: string): string {
  const { event } = readEvent(recordOf(wire), known);
  return serializeEnvelope(emit(consumer, event, { done: true }, {}));
}

function emit(consumer: string, parent: Envelope, data: unknown, options: object): Envelope {
  return emittedEvent({ contract: Anything, data, options, consumer, parent, position: 0, now: Date.now() });
}

/** Posts as API Gateway hands it over: everything but application/json in base64. */
export async function request(headers: Record<string, string>, body: Buffer): Promise<Verdict> {
  const published: Envelope[] = [];
  const publisher = {
    maxEventBytes: MAX_MESSAGE_BYTES,
    publish: async (events: readonly Envelope[]) => {
      published.push(...events);
      return events.map(() => ({ status: 'published', messageId: 'm' }) as const);
    },
  };
  const isBase64Encoded = headers['content-type'] !== 'application/json';
  const { response } = await publishRequest(
    { catalog, publisher },
    { headers, body: body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded },
    new AbortController().signal,
  );
  const [event] = published;
  return event ? { wire: serializeEnvelope(event) } : { reason: response.body ?? '' };
}

/** What the typed publisher puts on the wire. */
function sent(publish: (publisher: Publisher) => Promise<void>): Promise<Verdict> {
  return verdictOf(async () => {
    const bodies: string[] = [];
    const fetch = async (_: unknown, { body }: RequestInit = {}): Promise<Response> => {
      bodies.push(String(body));
      return new Response('{}', { status: 202 });
    };
    await publish(createPublisher({ url: 'http://127.0.0.1', fetch }));
    return bodies.join();
  });
}

/** The publisher takes a Date, and writes it in its own way. */
function dateOf(time: unknown): { readonly time?: Date } {
  return typeof time === 'string' ? { time: new Date(time) } : {};
}

async function verdictOf(enter: () => Promise<string>): Promise<Verdict> {
  try {
    return { wire: await enter() };
  } catch (error) {
    // A door that does not let it in says why.
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The event of a wire text, to be brought in again by a client: without its producer, which only the HTTP API names, and not under the
 * source of a consumer, but one as long.
 */
export function candidateOf(wire: string): Candidate {
  const { producer: _, source, ...candidate } = Object(parseJson(wire));
  return { ...candidate, source: source.replace(/^\/consumers\//, '/customers/') };
}
