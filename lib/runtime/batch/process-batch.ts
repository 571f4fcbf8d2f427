import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { isErased } from '../../contracts/envelope/envelope.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import { callsEndAt } from '../breaker/gate.ts';
import { NotBegunError } from '../errors.ts';
import { logSafely } from '../telemetry/log-safely.ts';
import { type Batch, createBatch } from './batch-in-progress.ts';
import { type BatchItem, comesAgain, orderedGroupOf, type UnreadableMessage } from './batch-item.ts';
import { claimItems, claimSuspect } from './claim-items.ts';
import type { ConsumerSetup } from './consumer-setup.ts';
import { block } from './message-groups.ts';
import { partition } from './partition.ts';
import { readRecords } from './read-records.ts';
import { type Apart, divide } from './suspects.ts';

/**
 * Processes a batch of messages: reads, claims and handles the events, publishes emitted events, and settles.
 *
 * @param remainingMs milliseconds that are left of the invocation
 * @returns the messages that stay in the queue. It never rejects: an error of one event fails only this event.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function processBatch(
  setup: ConsumerSetup,
  records: readonly SQSRecord[],
  remainingMs: number,
): Promise<SQSBatchResponse> {
  const { clock } = setup.ports;
  const startedAt = clock.now();
  const batch = createBatch(setup, remainingMs);
  const { items, unreadable } = readRecords(records, setup.definition);
  passOverErased(setup, items);
  logSafely(() => setup.telemetry.begin(items));
  let fault: Error | undefined;
  try {
    await processItems(setup, batch, items, unreadable);
  } catch (error) {
    // One event must not fail another. An error of the runtime itself is logged, and unfinished messages are delivered again.
    fault = toError(error);
  }
  batch.claiming.deadline.end();
  const { refused, unscheduled } = batch;
  const returned = new Set([
    ...items.filter((item) => !item.finished || comesAgain(item)).flatMap(messageIdsOf),
    ...unreadable.flatMap(({ record: { messageId }, finished }) =>
      finished && !refused.has(messageId) ? [] : [messageId],
    ),
  ]);
  const report = {
    items,
    unreadable,
    returned,
    refused,
    unscheduled,
    fault,
    startedAt,
    endedAt: clock.now(),
  };
  logSafely(() => setup.telemetry.report(report));
  return { batchItemFailures: [...returned].map((itemIdentifier) => ({ itemIdentifier })) };
}

/**
 * Without data, a handler that expects it could only fail: it gets an erased event only if the definition says so. No record is written, because
 * nothing has happened.
 */
function passOverErased({ definition }: ConsumerSetup, items: readonly BatchItem[]): void {
  if (definition.erased === 'handle') return;
  for (const item of items) if (isErased(item.event)) item.outcome ??= { status: 'erased' };
}

async function processItems(
  setup: ConsumerSetup,
  batch: Batch,
  items: readonly BatchItem[],
  unreadable: readonly UnreadableMessage[],
): Promise<void> {
  const sending = batch.sendUnreadable(unreadable);
  await waitForBreaker(setup, batch, items);
  await claimItems(
    batch.claiming,
    items.filter((item) => !item.outcome && needsClaim(setup, item)),
  );
  const groups = new Set(unreadable.map(({ record }) => orderedGroupOf(record)));
  groups.delete(undefined);
  const { together, apart } = divide(items);
  const [waiting, free] = partition(together, ({ records: [first] }) => groups.has(orderedGroupOf(first)));
  const others = apart.length > 0 ? 'follow' : undefined;
  const runBehind = async (): Promise<void> => {
    if (groups.size === 0) return;
    await sending;
    blockBehind(unreadable, batch.refused, items);
    await batch.run(waiting, others);
  };
  await Promise.all([batch.run(free, others), runBehind()]);
  for (const [index, one] of apart.entries()) {
    if (batch.claiming.deadline.passed()) {
      await releaseAll(batch, apart.slice(index));
      break;
    }
    await runApart(batch, one, index < apart.length - 1 ? 'follow' : undefined);
  }
  await sending;
}

/** Gives back at once what cannot begin any more. One by one, thousands would take longer than the invocation has. */
async function releaseAll(batch: Batch, apart: readonly Apart[]): Promise<void> {
  const items = apart.flatMap(({ group }) => group);
  for (const item of items) item.outcome ??= { status: 'released', error: new NotBegunError() };
  await batch.run(items);
}

/** While the breaker is open, events are not even claimed. An event that is done without a handler is done. */
async function waitForBreaker(
  { gate }: ConsumerSetup,
  { claiming }: Batch,
  items: readonly BatchItem[],
): Promise<void> {
  if (!gate) return;
  if (await gate.admits(callsEndAt(claiming.clock, claiming.deadline.handlersEndAt))) return;
  const error = gate.stop();
  if (error) for (const item of items) item.outcome ??= { status: 'released', error };
}

/** On a FIFO queue, the events after an unreadable message wait until the message is in the dead-letter queue. */
function blockBehind(
  unreadable: readonly UnreadableMessage[],
  refused: ReadonlyMap<string, string>,
  items: readonly BatchItem[],
): void {
  const groups = new Set(
    unreadable.flatMap(({ record }) => (refused.has(record.messageId) ? [orderedGroupOf(record)] : [])),
  );
  for (const item of items) if (groups.has(orderedGroupOf(item.records[0]))) block(item);
}

/** Processes the items of a group one by one. Each item runs while the process has no other event. */
async function runApart(batch: Batch, { group, before }: Apart, others?: 'follow'): Promise<void> {
  let blocked = before.some(comesAgain);
  for (const item of group) {
    if (blocked) block(item);
    if (item.suspect && !item.outcome) await claimSuspect(batch.claiming, item, item.suspect);
    await batch.run([item], others);
    blocked ||= comesAgain(item);
  }
}

/**
 * Whether an event needs a claim before its handler. With `effects: 'commit'`, the commit's transaction is the claim of a first delivery.
 * A redelivered message has failed or waited, or its process has died. It is claimed, so that its attempts are counted.
 */
function needsClaim({ definition }: ConsumerSetup, { receiveCount }: BatchItem): boolean {
  return definition.effects === 'claim' || receiveCount > 1;
}

function messageIdsOf({ records }: BatchItem): string[] {
  return records.map(({ messageId }) => messageId);
}
