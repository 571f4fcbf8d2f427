import {
  type AttributeValue,
  type DynamoDBClient,
  paginateScan,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer, Deployment } from '../deployment.ts';
import { getItems } from '../get-items.ts';
import { readTracedRecord, type TracedRecord } from './read-record.ts';
import type { StoryEvent } from './story.ts';
import { tellStory } from './tell-story.ts';

export interface TraceOptions {
  /** The source of the event: with it only the records of the event and of what it caused are read. @default - all records are */
  readonly source?: string | undefined;
  /** Hears how many records have been looked at. */
  readonly onProgress?: ((records: number) => void) | undefined;
}

/**
 * Tells the story of an event, or of a correlation id, from the idempotency records of all consumers.
 *
 * With the `source` of the event: one request for each generation, and nothing of what came before it. Without, the tables are
 * searched: half a read unit for every 4 KB that is in them, once or, for an event that is not the first of its story, twice.
 *
 * @returns the events that nobody here has emitted, with all that came of them; none when nobody has handled any
 */
export async function trace(
  { dynamodb }: Pick<OpsClients, 'dynamodb'>,
  { consumers }: Pick<Deployment, 'consumers'>,
  { id, source, onProgress }: { readonly id: string } & TraceOptions,
): Promise<readonly StoryEvent[]> {
  if (source !== undefined) return tellStory(await walk(dynamodb, consumers, `${source}|${id}`));
  let looked = 0;
  const search = async (wanted: Search): Promise<readonly TracedRecord[]> => {
    const found = await Promise.all(
      consumers.map((consumer) =>
        scan(dynamodb, consumer, wanted, (count) => {
          looked += count;
          onProgress?.(looked);
        }),
      ),
    );
    return found.flat();
  };
  const found = await search({ story: id, id });
  const stories = new Set(found.map(({ story }) => story));
  stories.delete(id);
  const others = await Promise.all([...stories].map((story) => search({ story })));
  return tellStory([...found.filter(({ story }) => story === id), ...others.flat()]);
}

interface Search {
  readonly story: string;
  /** Of an event, whatever its story. */
  readonly id?: string;
}

async function scan(
  client: DynamoDBClient,
  { name, idempotencyTable }: DeployedConsumer,
  { story, id }: Search,
  onPage: (records: number) => void,
): Promise<readonly TracedRecord[]> {
  const input: ScanCommandInput = {
    TableName: idempotencyTable,
    FilterExpression: id === undefined ? 'story = :story' : 'story = :story OR contains(id, :id)',
    ExpressionAttributeValues: {
      ':story': { S: story },
      ...(id !== undefined && { ':id': { S: `|${id}` } }),
    },
  };
  const records: TracedRecord[] = [];
  for await (const { Items = [], ScannedCount = 0 } of paginateScan({ client }, input)) {
    onPage(ScannedCount);
    records.push(...read(name, Items));
  }
  // An id may be the beginning of another.
  return records.filter((record) => record.story === story || record.id === id);
}

/** From an event to what it caused, generation by generation, by the keys alone. */
async function walk(
  client: DynamoDBClient,
  consumers: readonly DeployedConsumer[],
  identity: string,
): Promise<readonly TracedRecord[]> {
  const records: TracedRecord[] = [];
  const seen = new Set<string>();
  for (let generation = [identity]; generation.length > 0; ) {
    for (const one of generation) seen.add(one);
    const found = await getAll(client, consumers, generation);
    records.push(...found);
    const caused = found.flatMap(({ emitted }) => emitted.map((event) => `${event.source}|${event.id}`));
    generation = [...new Set(caused)].filter((one) => !seen.has(one));
  }
  return records;
}

/** Of one request, all tables together. */
const MAX_KEYS = 100;

async function getAll(
  client: DynamoDBClient,
  consumers: readonly DeployedConsumer[],
  identities: readonly string[],
): Promise<readonly TracedRecord[]> {
  const records: TracedRecord[] = [];
  const each = Math.max(1, Math.floor(MAX_KEYS / consumers.length));
  for (let start = 0; start < identities.length; start += each) {
    const tables = consumers.map(({ idempotencyTable }) => idempotencyTable);
    const found = await getItems(client, tables, identities.slice(start, start + each));
    for (const { name, idempotencyTable } of consumers) {
      records.push(...read(name, found.get(idempotencyTable) ?? []));
    }
  }
  return records;
}

function read(
  consumer: string,
  items: readonly Readonly<Record<string, AttributeValue>>[],
): readonly TracedRecord[] {
  return items.flatMap((item) => readTracedRecord(consumer, item) ?? []);
}
