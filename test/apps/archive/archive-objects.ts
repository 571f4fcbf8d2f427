import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import type { ArchivedEvent } from '../../../lib/archive/archived-event.ts';
import { hourOf, markOf, objectKey } from '../../../lib/archive/object-key.ts';
import type { ArchiveStore } from '../../../lib/archive/read/archive-store.ts';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';

/** An object of an archive that a test writes itself. */
export interface WrittenObject {
  readonly key: string;
  readonly body: Buffer;
}

/** The beginning of an hour, from which the tests count. */
export const HOUR = Date.parse('2026-11-27T04:00:00Z');

/** An event of a shop, with what a test wants of it. */
export function eventOf(event: Partial<Envelope> = {}): Envelope {
  return {
    specversion: '1.0',
    id: 'order-1',
    source: '/shop/checkout',
    type: 'shop.OrderPlaced.v1',
    time: new Date(HOUR).toISOString(),
    data: { orderId: event.id ?? 'order-1', country: 'DE' },
    ...event,
  };
}

/** The line of an event. @param arrivedAt epoch milliseconds */
export function archivedOf(
  event: Envelope,
  arrivedAt = HOUR,
  more: Partial<ArchivedEvent> = {},
): ArchivedEvent {
  const { id, source, type, subject, time, correlationid, partitionkey } = event;
  return {
    arrivedAt: new Date(arrivedAt).toISOString(),
    ...{ id, source, type, subject, time, correlationid, partitionkey },
    body: JSON.stringify(event),
    ...more,
  };
}

/** The object of these lines, as the archive writes it. @param writtenAt epoch milliseconds */
export function objectOf(lines: readonly ArchivedEvent[], writtenAt?: number, writer = 'a1'): WrittenObject {
  const arrived = Date.parse(lines[0]?.arrivedAt ?? '');
  const key = objectKey({
    hour: hourOf(arrived),
    writtenAt: writtenAt ?? arrived + 300_000,
    writer,
    events: lines.length,
    types: new Set(lines.map(({ type }) => markOf(type))),
    sources: new Set(lines.map(({ source }) => markOf(source))),
  });
  return { key, body: gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')) };
}

/** A store in memory. It notes what is opened. */
export function storeOf(objects: readonly WrittenObject[]): ArchiveStore & { readonly opened: string[] } {
  const opened: string[] = [];
  return {
    opened,
    async *list(prefix, after = '') {
      for (const { key, body } of objects.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
        if (key.startsWith(prefix) && key > after) yield { key, bytes: body.length };
      }
    },
    open: async (key) => {
      opened.push(key);
      const object = objects.find((one) => one.key === key);
      if (!object) throw Object.assign(new Error('The specified key does not exist.'), { name: 'NoSuchKey' });
      return Readable.from(chunksOf(object.body));
    },
  };
}

/** Small chunks, so that lines and gzip blocks are cut anywhere. */
function* chunksOf(body: Buffer): Generator<Buffer> {
  for (let start = 0; start < body.length; start += 1_000) yield body.subarray(start, start + 1_000);
}
