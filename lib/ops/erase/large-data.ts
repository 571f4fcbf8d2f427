import { type Envelope, lacksData } from '../../contracts/envelope/envelope.ts';
import { largeDataOf } from '../../contracts/envelope/large-data.ts';
import { parseStoredJson } from '../../contracts/json/stored-json.ts';
import type { Erasure } from './erasure.ts';
import type { ObjectStore } from './object-store.ts';

/** Deletes the large data that an event of the person refers to. It is deleted before the event, which says where it is. */
export async function eraseLargeData({ buckets, dryRun, notes }: Erasure, event: Envelope): Promise<void> {
  const { key = '', store } = placeOf(event, buckets);
  if (!store || !(await store.exists(key))) return;
  notes.largeData.add(key);
  if (!dryRun) await store.delete(key);
}

/** The event with its large data, if that still exists. */
export async function withLargeData(
  { buckets }: Pick<Erasure, 'buckets'>,
  event: Envelope,
): Promise<Envelope> {
  const { key = '', store } = placeOf(event, buckets);
  const object = await store?.read(key);
  if (!object) return event;
  try {
    return { ...event, data: parseStoredJson(Buffer.from(object.content).toString('utf8'), key) };
  } catch {
    // It was replaced by what is no JSON, or what is nested too deep to be read. The event is judged without it.
    return event;
  }
}

/** Whether the data of an event is in the bucket of a bus whose stack is not here. */
export function isOutOfReach({ buckets }: Pick<Erasure, 'buckets'>, event: Envelope): boolean {
  const { key, store } = placeOf(event, buckets);
  return key !== undefined && store === undefined;
}

/** Where the large data of an event is: nowhere when it has none. The store is undefined when its bucket is not here. */
function placeOf(
  event: Envelope,
  buckets: Erasure['buckets'],
): { readonly key?: string; readonly store?: ObjectStore | undefined } {
  if (!lacksData(event)) return {};
  try {
    const claim = largeDataOf(event);
    return claim ? { key: claim.key, store: buckets.get(claim.bucket) } : {};
  } catch (error) {
    // The bus has not made this link, so there is no data of the bus behind it.
    if (error instanceof RangeError) return {};
    throw error;
  }
}
