import { type Envelope, lacksData } from '../../contracts/envelope/envelope.ts';
import { largeDataOf } from '../../contracts/envelope/large-data.ts';
import type { Erasure } from './erasure.ts';

/** Deletes the large data that an event of the person refers to. It is deleted before the event, which says where it is. */
export async function eraseLargeData({ bucket, dryRun, notes }: Erasure, event: Envelope): Promise<void> {
  const key = keyOf(event, bucket?.name);
  if (!bucket || key === undefined || !(await bucket.store.exists(key))) return;
  notes.largeData.add(key);
  if (!dryRun) await bucket.store.delete(key);
}

/** The event with its large data, if that still exists. */
export async function withLargeData({ bucket }: Pick<Erasure, 'bucket'>, event: Envelope): Promise<Envelope> {
  const key = keyOf(event, bucket?.name);
  const object = key === undefined ? undefined : await bucket?.store.read(key);
  if (!object) return event;
  try {
    return { ...event, data: JSON.parse(Buffer.from(object.content).toString('utf8')) };
  } catch {
    // It was replaced by what is no JSON. The event is judged without it.
    return event;
  }
}

function keyOf(event: Envelope, bucketName: string | undefined): string | undefined {
  if (!lacksData(event)) return undefined;
  try {
    const claim = largeDataOf(event);
    return claim?.bucket === bucketName ? claim?.key : undefined;
  } catch (error) {
    // The bus has not made this link, so there is no data of the bus behind it.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
