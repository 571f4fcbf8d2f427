import { gzipSync } from 'node:zlib';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { HOUR_MS, markOf, objectKey } from '../../lib/archive/object-key.ts';

/** Start of the first hour. */
export const FIRST_HOUR = Date.parse('2026-11-01T00:00:00Z');
/** As many as fit into a batch of 6 MB that Lambda gives the archive. */
const EVENTS_PER_OBJECT = 5_000;
const TYPE = 'shop.OrderPlaced.v1';
const SOURCE = '/shop/checkout';

/** Writes objects as the archive does, without the queue before it. @returns the compressed bytes */
export async function writeArchive(
  { s3, bucket }: { readonly s3: S3Client; readonly bucket: string },
  { events, eventsPerHour }: { readonly events: number; readonly eventsPerHour: number },
  onProgress: (written: number) => void,
): Promise<number> {
  let bytes = 0;
  for (let written = 0; written < events; written += EVENTS_PER_OBJECT) {
    const hour = FIRST_HOUR + Math.floor(written / eventsPerHour) * HOUR_MS;
    const count = Math.min(EVENTS_PER_OBJECT, events - written);
    const Body = gzipSync(Array.from({ length: count }, (_, n) => lineOf(written + n, hour)).join(''));
    const facts = { types: new Set([markOf(TYPE)]), sources: new Set([markOf(SOURCE)]) };
    const Key = objectKey({ ...facts, hour, writtenAt: hour + written, writer: 'b', events: count });
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
    bytes += Body.length;
    onProgress(written + count);
  }
  return bytes;
}

function lineOf(n: number, hour: number): string {
  const arrivedAt = new Date(hour).toISOString();
  const named = { id: `order-${n}`, source: SOURCE, type: TYPE, time: arrivedAt };
  const data = {
    orderId: `order-${n}`,
    customerId: `customer-${(n * 7_919) % 50_000}`,
    email: `customer-${(n * 7_919) % 50_000}@example.com`,
    currency: 'EUR',
    totalMinor: (n * 37) % 100_000,
    lines: [{ sku: `sku-${n % 500}`, quantity: (n % 5) + 1 }],
  };
  const body = JSON.stringify({ specversion: '1.0', ...named, data });
  return `${JSON.stringify({ arrivedAt, ...named, body })}\n`;
}
