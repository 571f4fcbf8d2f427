import {
  type AttributeValue,
  type DynamoDBClient,
  paginateScan,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import { MAX_BATCH_GET_KEYS } from '../aws-limits.ts';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer } from '../deployed-consumer.ts';
import type { Deployment } from '../deployment.ts';
import { getItemsAsFarAsPossible } from '../get-items.ts';
import { attempt, type Problem } from '../problem.ts';
import { buildTrace } from './build-trace.ts';
import { lookForMessages } from './look-for-message.ts';
import { type Emitter, readTracedRecord, type TracedRecord } from './read-record.ts';
import { readSubscribedTypes, type SubscribedTypesReading } from './read-subscribed-types.ts';
import type { TracedEvent } from './traced-event.ts';

export interface TraceOptions {
  /**
   * The source of the event. With it, only records of the event and of the events that it caused are read, and none of what a replay has
   * repeated. @default - all records are read
   */
  readonly source?: string | undefined;
  /** The subscribed types, if they were read before. @default - the subscriptions are read, one request each */
  readonly subscribedTypes?: SubscribedTypesReading | undefined;
  /** Called with the number of records that were read so far. */
  readonly onProgress?: ((records: number) => void) | undefined;
  /** Called for each table, subscription and queue that could not be read. Its part is missing from the trace. */
  readonly onProblem: (problem: Problem) => void;
}

/**
 * Traces an event, or all events of a correlation id. It reads the idempotency records, the subscriptions and the dead-letter queues of all
 * consumers.
 *
 * With the `source` of the event, it needs one request for each generation, and finds no earlier events. Without it, the tables are scanned: half
 * a read unit for every 4 KB in them, once, or twice for an event that is not the first of its trace.
 *
 * @returns the events that no consumer emitted, with everything that they caused; empty when no consumer has handled any
 */
export async function trace(
  clients: Pick<OpsClients, 'dynamodb' | 'sns' | 'sqs'>,
  { consumers }: Pick<Deployment, 'consumers'>,
  options: { readonly id: string } & TraceOptions,
): Promise<readonly TracedEvent[]> {
  const unread = new Set<string>();
  const onProblem = (problem: Problem): void => {
    unread.add(problem.name);
    options.onProblem(problem);
  };
  const [records, { subscribedTypes, problems }] = await Promise.all([
    findRecords(clients.dynamodb, consumers, { ...options, onProblem }),
    options.subscribedTypes ?? readSubscribedTypes(clients, consumers),
  ]);
  const looked = await lookForMessages(clients, consumers, records);
  for (const problem of [...problems, ...looked.problems]) options.onProblem(problem);
  // When the table of a consumer cannot be read, it is not known whether the consumer has a record.
  const known = new Set(
    consumers.flatMap(({ label, idempotencyTable }) => (unread.has(idempotencyTable) ? [] : label)),
  );
  return buildTrace(looked.records, new Map([...subscribedTypes].filter(([label]) => known.has(label))));
}

async function findRecords(
  dynamodb: DynamoDBClient,
  consumers: readonly DeployedConsumer[],
  { id, source, onProgress, onProblem }: { readonly id: string } & TraceOptions,
): Promise<readonly TracedRecord[]> {
  if (source !== undefined) return walk({ dynamodb, consumers, onProblem }, `${source}|${id}`);
  let looked = 0;
  const search = async (wanted: Search): Promise<readonly TracedRecord[]> => {
    const found = await Promise.all(
      consumers.map((consumer) =>
        attempt(
          { resource: 'idempotency table', name: consumer.idempotencyTable },
          scan(dynamodb, consumer, wanted, (count) => {
            looked += count;
            onProgress?.(looked);
          }),
        ),
      ),
    );
    for (const problem of found.flatMap(({ problems }) => problems)) onProblem(problem);
    return found.flatMap(({ value }) => value ?? []);
  };
  const found = await search({ correlationId: id, id });
  const correlationIds = new Set(found.map(({ correlationId }) => correlationId));
  correlationIds.delete(id);
  const others = await Promise.all([...correlationIds].map((correlationId) => search({ correlationId })));
  return [...found.filter(({ correlationId }) => correlationId === id), ...others.flat()];
}

interface Search {
  readonly correlationId: string;
  /** Id of an event, with any correlation id. */
  readonly id?: string;
}

async function scan(
  client: DynamoDBClient,
  consumer: DeployedConsumer,
  { correlationId, id }: Search,
  onPage: (records: number) => void,
): Promise<readonly TracedRecord[]> {
  const input: ScanCommandInput = {
    TableName: consumer.idempotencyTable,
    FilterExpression:
      id === undefined
        ? 'correlationId = :correlationId'
        : 'correlationId = :correlationId OR contains(id, :id)',
    ExpressionAttributeValues: {
      ':correlationId': { S: correlationId },
      ...(id !== undefined && { ':id': { S: `|${id}` } }),
    },
  };
  const records: TracedRecord[] = [];
  for await (const { Items = [], ScannedCount = 0 } of paginateScan({ client }, input)) {
    onPage(ScannedCount);
    records.push(...read(consumer, Items));
  }
  // The filter also finds longer ids that begin with this one.
  return records.filter((record) => record.correlationId === correlationId || record.id === id);
}

/** The idempotency tables of all consumers. */
interface Tables extends Pick<TraceOptions, 'onProblem'> {
  readonly dynamodb: DynamoDBClient;
  readonly consumers: readonly DeployedConsumer[];
}

/** Reads an event and the events that it caused, generation by generation, by their keys. */
async function walk(tables: Tables, identity: string): Promise<readonly TracedRecord[]> {
  const records: TracedRecord[] = [];
  const seen = new Set<string>();
  for (let generation = [identity]; generation.length > 0; ) {
    for (const one of generation) seen.add(one);
    const found = await getAll(tables, generation);
    records.push(...found);
    const caused = found.flatMap(({ emitted }) => emitted.map((event) => `${event.source}|${event.id}`));
    generation = [...new Set(caused)].filter((one) => !seen.has(one));
  }
  return records;
}

async function getAll(
  { dynamodb, consumers, onProblem }: Tables,
  identities: readonly string[],
): Promise<readonly TracedRecord[]> {
  const records: TracedRecord[] = [];
  const each = Math.max(1, Math.floor(MAX_BATCH_GET_KEYS / consumers.length));
  for (let start = 0; start < identities.length; start += each) {
    const tables = consumers.map(({ idempotencyTable }) => idempotencyTable);
    const some = identities.slice(start, start + each);
    const found = await getItemsAsFarAsPossible(dynamodb, tables, some, onProblem);
    for (const consumer of consumers) {
      records.push(...read(consumer, found.get(consumer.idempotencyTable) ?? []));
    }
  }
  return records;
}

function read(
  consumer: Emitter,
  items: readonly Readonly<Record<string, AttributeValue>>[],
): readonly TracedRecord[] {
  return items.flatMap((item) => readTracedRecord(consumer, item) ?? []);
}
