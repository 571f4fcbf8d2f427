import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { ConsumerSetup } from '../../lib/runtime/batch/consumer-setup.ts';
import { processBatch } from '../../lib/runtime/batch/process-batch.ts';
import { createChance } from '../../lib/testing/simulation/chance.ts';
import { NO_EVENT_DATA, NO_SECRETS } from '../../test/apps/no-event-data.ts';
import { SimulatedDynamoDB } from '../../test/simulation/services/dynamodb/simulated-dynamodb.ts';
import { Scheduler } from '../../test/simulation/services/scheduler.ts';
import { Backlog, type Message, recordOf } from './backlog.ts';
import { countSale, Sold, stock } from './consumer.ts';

/** How many events there are, how many items they write to, and for how long a transaction holds its items. */
export interface Load {
  readonly events: number;
  readonly items: number;
  readonly heldMs: number;
}

export interface Result {
  readonly dead: number;
  readonly effects: number;
  readonly transactions: number;
  readonly deliveries: number;
  /** Simulated seconds until the last event was done. */
  readonly seconds: number;
}

const START = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const LATENCY_MS = 2;
const IDLE_MS = 1_000;

/** Works a backlog off through the real runtime, on simulated time, with as many invocations at once as Lambda would start. */
export async function workOff({ events, items, heldMs }: Load): Promise<Result> {
  const scheduler = new Scheduler(START);
  const now = (): number => scheduler.now;
  const dynamodb = new SimulatedDynamoDB<undefined>({
    now,
    throttles: () => false,
    holds: () => heldMs,
    onChange: () => undefined,
  });
  const backlog = new Backlog(
    Array.from({ length: events }, (_, index) => bodyOf(index, String(index % items))),
    now,
  );
  const ports = createPorts(scheduler, dynamodb, items);
  let endedAt = START;
  const poll = async (): Promise<void> => {
    const batch = backlog.receive(stock.batchSize);
    if (batch.length > 0) {
      await invoke(backlog, batch, ports.of(backlog, batch));
      endedAt = now();
    }
    if (backlog.size > 0) scheduler.after(batch.length > 0 ? 1 : IDLE_MS, () => void poll());
  };
  for (let poller = 0; poller < stock.maxConcurrency; poller++) scheduler.after(poller, () => void poll());
  await scheduler.run(START + DAY_MS, () => false);
  const sold = [...dynamodb.items('stock').values()].map((item) => Number(item.sold?.N ?? 0));
  return {
    dead: backlog.dead,
    effects: sold.reduce((sum, one) => sum + one, 0),
    transactions: ports.transactions,
    deliveries: backlog.deliveries,
    seconds: (endedAt - START) / 1_000,
  };
}

async function invoke(
  backlog: Backlog,
  batch: readonly Message[],
  ports: ConsumerSetup['ports'],
): Promise<void> {
  const setup: ConsumerSetup = {
    definition: stock,
    handlers: new Map([[Sold.type, countSale]]),
    idempotencyTable: 'records',
    queueUrl: 'queue',
    deadLetterQueueUrl: 'dead-letters',
    tables: { stock: 'stock' },
    telemetry: { loggerFor: () => console, begin: () => undefined, report: () => undefined },
    ports,
  };
  const answer = await processBatch(setup, batch.map(recordOf), stock.timeoutSeconds * 1_000);
  const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const message of batch) if (!failed.has(message.record.messageId)) backlog.delete(message);
}

function createPorts(scheduler: Scheduler, dynamodb: SimulatedDynamoDB<undefined>, seed: number) {
  const chance = createChance(seed);
  let tokens = 0;
  const counted = {
    transactions: 0,
    // The ports' send is generic over commands; these answer the ones that the runtime sends.
    of: (backlog: Backlog, batch: readonly Message[]): ConsumerSetup['ports'] => ({
      dynamodb: { send } as unknown as ConsumerSetup['ports']['dynamodb'],
      sqs: {
        send: async (command: object) => backlog.execute(command, batch),
      } as unknown as ConsumerSetup['ports']['sqs'],
      eventData: NO_EVENT_DATA,
      getSecret: NO_SECRETS,
      clock: { now: () => scheduler.now, sleep: (milliseconds) => scheduler.sleep(milliseconds) },
      random: chance.next,
      newToken: () => `token-${tokens++}`,
    }),
  };
  return counted;

  function send(command: object): Promise<unknown> {
    if (command instanceof TransactWriteItemsCommand) counted.transactions += 1;
    return new Promise((resolve, reject) => {
      scheduler.after(LATENCY_MS, () => {
        try {
          const answer = dynamodb.execute(command, undefined);
          scheduler.after(LATENCY_MS + dynamodb.lastTook, () => resolve(answer));
        } catch (error) {
          // A refusal is the service's answer, and travels back like any other.
          scheduler.after(LATENCY_MS, () => reject(error));
        }
      });
    });
  }
}

function bodyOf(index: number, item: string): string {
  return JSON.stringify({
    specversion: '1.0',
    id: `e-${index}`,
    source: '/bench',
    type: Sold.versionedType,
    data: { item },
  });
}
