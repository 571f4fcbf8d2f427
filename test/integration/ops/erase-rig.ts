import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type AttributeValue, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { ArchivedEvent } from '../../../lib/archive/archived-event.ts';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { largeDataKey, withoutLargeData } from '../../../lib/contracts/envelope/large-data.ts';
import { archivedOf, eventOf, HOUR, objectOf } from '../../apps/archive/archive-objects.ts';
import { type Ended, type Rig, startRig } from './rig.ts';

type Attributes = Readonly<Record<string, AttributeValue>>;

/** An event whose data is an object of a bucket. */
interface Large {
  /** As the archive has it. */
  readonly line: ArchivedEvent;
  readonly key: string;
  readonly text: string;
}

/** A deployment with archives, and what an erasure is judged by. */
export interface EraseRig extends Rig {
  /** Name of the bucket of a bus: so many-th of the deployment. */
  bucket(bus?: number): string;
  put(bucket: string, key: string, body: Buffer | string): Promise<void>;
  /** Puts an object of these lines into the archive of a bus. */
  archive(lines: readonly ArchivedEvent[], bus?: number): Promise<void>;
  /** Everything in a bucket, as text. */
  contentOf(bucket: string): Promise<string>;
  putRecord(key: string, more: Attributes): Promise<void>;
  recordOf(key: string): Promise<Attributes | undefined>;
  /** Runs the command in a folder, with the contracts of the customers. */
  erase(folder: string, ...args: readonly string[]): Promise<Ended>;
}

export async function startEraseRig(options: { readonly otherBus?: boolean } = {}): Promise<EraseRig> {
  const rig = await startRig({ archive: true, ...options });
  const { clients, deployment, consumer } = rig;
  const s3 = await clients.s3();
  const bucket = (bus = 0): string => deployment.archives[bus]?.bucketName ?? '';
  const put: EraseRig['put'] = async (Bucket, Key, Body) => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  };
  let objects = 0;
  return {
    ...rig,
    bucket,
    put,
    archive: async (lines, bus) => {
      const { key, body } = objectOf(lines, HOUR + objects++);
      await put(bucket(bus), key, body);
    },
    contentOf: async (Bucket) => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      const texts = Contents.map(async ({ Key = '' }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        const content = Buffer.from((await Body?.transformToByteArray()) ?? []);
        return (Key.endsWith('.gz') ? gunzipSync(content) : content).toString();
      });
      return (await Promise.all(texts)).join('\n');
    },
    putRecord: async (key, more) => {
      const Item = { id: { S: key }, ...more };
      await clients.dynamodb.send(new PutItemCommand({ TableName: consumer.idempotencyTable, Item }));
    },
    recordOf: async (key) => {
      const Key = { id: { S: key } };
      const TableName = consumer.idempotencyTable;
      return (await clients.dynamodb.send(new GetItemCommand({ TableName, Key }))).Item;
    },
    erase: (cwd, ...args) =>
      rig.begin(['erase', '--events', resolve('test/apps/customers'), '--json', ...args], { cwd }).ended,
  };
}

export const reportOf = ({ stdout }: Ended) => JSON.parse(stdout).data;

/** The line of such an order in the archive. */
export const lineOf = (id: string, customerId: string): ArchivedEvent => archivedOf(orderOf(id, customerId));

/** An order of a customer, whose contract names the person in the data. */
export const orderOf = (id: string, customerId: string): Envelope =>
  eventOf({
    id,
    type: 'shop.OrderPlaced.v2',
    data: { orderId: id, customerId, email: `${customerId}@example.com` },
  });

/** The event with its data in a bucket, as the bus stores it. */
export function largeIn(bucket: string, event: Envelope): Large {
  const text = JSON.stringify(event.data);
  const sha256 = createHash('sha256').update(text).digest('hex');
  const key = largeDataKey(event, sha256);
  const claim = { bucket, key, bytes: Buffer.byteLength(text), sha256 };
  const linked = withoutLargeData(event, claim, 'digest');
  return { line: archivedOf(linked, HOUR, { largeData: text }), key, text };
}
