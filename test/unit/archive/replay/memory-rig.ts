import type { ArchiveStore } from '../../../../lib/archive/read/archive-store.ts';
import {
  createReplayHandler,
  type ReplayHandlerProps,
} from '../../../../lib/archive/replay/create-replay-handler.ts';
import { createReplayQueue } from '../../../../lib/archive/replay/replay-queue.ts';
import type { ReplayRequest } from '../../../../lib/archive/replay/replay-state.ts';
import { HOUR } from '../../../apps/archive/archive-objects.ts';
import { MemorySqs, type QueuedMessage } from './memory-sqs.ts';
import { createMemoryTable } from './memory-table.ts';

export const MAX_RECEIVES = 5;
const VISIBILITY_MS = 600_000;

export interface MemoryRigOptions {
  readonly store: ArchiveStore;
  readonly fifo?: boolean;
  /** Which of so many groups is next. @default - the first */
  readonly choose?: (count: number) => number;
  readonly remainingMs?: number;
  readonly watermark?: (now: number) => number | undefined;
}

export type MemoryRig = ReturnType<typeof createMemoryRig>;

/** The replay function with all that it talks to in memory. Time passes only while somebody sleeps, or all messages are hidden. */
export function createMemoryRig({
  store,
  fifo = false,
  choose = () => 0,
  remainingMs = 300_000,
  watermark = () => Number.MAX_SAFE_INTEGER,
}: MemoryRigOptions) {
  let now = HOUR + 24 * 3_600_000;
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
  const sqs = new MemorySqs({ fifo, now: clock.now });
  const client = { send: (command: unknown) => sqs.send(command) } as ReplayHandlerProps['sqs'];
  const ports: ReplayHandlerProps = {
    clock,
    random: () => 0,
    sqs: client,
    store,
    table: createMemoryTable(),
    queue: createReplayQueue(client, sqs.replayQueueUrl),
    bucket: { name: 'bucket', put: async () => undefined },
    watermark: async () => watermark(now),
    replayQueueUrl: sqs.replayQueueUrl,
    maxReceives: MAX_RECEIVES,
    log: { error: () => undefined },
  };
  const receive = (): QueuedMessage | undefined => {
    if (!sqs.isEmpty) now = Math.max(now, sqs.nextVisible);
    return sqs.receive(choose, { visibilityMs: VISIBILITY_MS, maxReceives: MAX_RECEIVES });
  };
  /** Hands one message to the function. @returns whether there was one */
  const handleOne = async (of: ReplayHandlerProps, isDead: () => boolean): Promise<boolean> => {
    const message = receive();
    if (!message) return !sqs.isEmpty;
    const { id, body, receives } = message;
    const { batchItemFailures } = await createReplayHandler(of)(
      {
        Records: [
          {
            messageId: id,
            receiptHandle: id,
            body,
            attributes: { ApproximateReceiveCount: String(receives) },
          },
        ],
      },
      { getRemainingTimeInMillis: () => remainingMs },
    );
    if (batchItemFailures.length === 0 && !isDead()) sqs.remove(message);
    return true;
  };
  return {
    clock,
    sqs,
    ports,
    request: (change: Partial<ReplayRequest> = {}): ReplayRequest => ({
      consumer: 'keeper',
      queueUrl: sqs.queueUrl,
      filterPolicy: { type: ['shop.OrderPlaced.v1'] },
      filterPolicyScope: 'MessageAttributes',
      from: HOUR,
      to: HOUR + 24 * 3_600_000,
      types: [],
      sources: [],
      mode: 'fill',
      knowsSince: 0,
      rate: 10_000,
      ...change,
    }),
    handleOne,
    /** Handles messages until there are none. */
    work: async (of: ReplayHandlerProps = ports): Promise<void> => {
      while (await handleOne(of, () => false));
    },
  };
}
