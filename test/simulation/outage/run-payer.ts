import type { SQSRecord } from 'aws-lambda';
import type { ConsumerSetup } from '../../../lib/runtime/batch/consumer-setup.ts';
import { processBatch } from '../../../lib/runtime/batch/process-batch.ts';
import type { Gate } from '../../../lib/runtime/breaker/gate.ts';
import { TransientError } from '../../../lib/runtime/errors.ts';
import type { Handle } from '../../../lib/runtime/handling/handle.ts';
import { NO_EVENT_DATA, NO_SECRETS } from '../../apps/no-event-data.ts';
import type { Invocation } from '../services/invocation.ts';
import { executeSqs } from '../services/queue-commands.ts';
import type { Receipt } from '../services/simulated-queue.ts';
import { Due, TIMEOUT_MS } from './outage-story.ts';
import type { OutageWorld } from './outage-world.ts';

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** What one invocation of the consumer works on. */
export interface PayerBatch {
  readonly receipts: readonly Receipt[];
  readonly invocation: Invocation;
  readonly gate: Gate;
}

/** Runs the real runtime over simulated services. @returns ids of the messages that stay in the queue */
export async function runPayer(
  world: OutageWorld,
  batch: PayerBatch,
): Promise<{ kept: ReadonlySet<string> }> {
  const records = batch.receipts.map((receipt) => recordOf(receipt, world.settings.fifo));
  const { batchItemFailures } = await processBatch(setupOf(world, batch), records, TIMEOUT_MS);
  return { kept: new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)) };
}

function setupOf(world: OutageWorld, { receipts, invocation, gate }: PayerBatch): ConsumerSetup {
  const { queue, settings, chance, definition } = world;
  const sqs = {
    queue,
    receipts,
    fifo: settings.fifo,
    refuses: () => false,
    onBuried: () => undefined,
    onStrangeLetter: (body: string) => {
      throw new Error(`a dead letter is no message's copy: ${body}`);
    },
  };
  // The ports' send is generic over commands; the simulated services answer those that the runtime sends.
  const client = <Client>(execute: (command: unknown) => unknown): Client =>
    ({
      send: (command: unknown, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) =>
        invocation.request({ execute: () => execute(command), signal: abortSignal }),
    }) as Client;
  return {
    definition,
    gate,
    handlers: new Map([[Due.type, payWith(world, invocation)]]),
    idempotencyTable: 'records',
    queueUrl: 'queue',
    deadLetterQueueUrl: 'dead-letters',
    tables: {},
    telemetry: { loggerFor: () => SILENT, begin: () => undefined, report: () => undefined },
    ports: {
      dynamodb: client((command) => world.dynamodb.execute(command, invocation)),
      sqs: client((command) => executeSqs(sqs, command)),
      eventData: NO_EVENT_DATA,
      getSecret: NO_SECRETS,
      clock: invocation.clock,
      random: chance.next,
      newToken: () => world.newToken(),
    },
  };
}

/** Lets the bank pay. */
function payWith(world: OutageWorld, { clock, dead }: Invocation): Handle {
  const { chance, settings } = world;
  return async ({ id }, ctx) => {
    if (dead) return new Promise(() => undefined);
    const n = Number(id.slice('e-'.length));
    if (world.isDown) world.callsWhileDown += 1;
    world.highestAttempt = Math.max(world.highestAttempt, ctx.attempt);
    await clock.sleep(chance.between(20, 200));
    if (world.isPoison(n)) {
      if (settings.poison === 'transient')
        throw new TransientError('this one is always too large for the bank');
      throw new RangeError('no such account');
    }
    if (!world.isDown) return void world.paid.push(n);
    if (settings.outage === 'hangs') await clock.sleep(TIMEOUT_MS);
    if (ctx.signal.aborted) throw ctx.signal.reason;
    if (settings.outage === 'alike') throw new SyntaxError('the bank has answered with a page of its own');
    throw new TransientError('the bank is down');
  };
}

function recordOf({ handle, message }: Receipt, fifo: boolean): SQSRecord {
  return {
    messageId: message.messageId,
    receiptHandle: handle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
      SenderId: 'sim',
      SentTimestamp: String(message.sentAt),
      ...(message.groupId !== undefined && { MessageGroupId: message.groupId }),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: fifo ? 'arn:queue.fifo' : 'arn:queue',
    awsRegion: 'sim',
  };
}
