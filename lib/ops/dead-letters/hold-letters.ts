import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer } from '../deployment.ts';
import type { HeldLetter } from './dead-letter.ts';
import { readReasons } from './read-reasons.ts';

/** SQS hands out ten at most. */
const BATCH = 10;
/** While letters are looked at they are hidden from others; after this they come back by themselves, whatever happens. */
const HIDDEN_SECONDS = 300;

/**
 * Goes through a dead-letter queue, ten letters at a time, each once. They are hidden meanwhile; those that are still there at
 * the end, or when the caller stops, are shown again. Of the letters only their receipt handles are kept.
 *
 * Of a FIFO queue only the first letters of each message group can be seen: SQS hides the rest of a group with them.
 */
export async function* holdLetters(
  clients: Pick<OpsClients, 'sqs' | 'dynamodb'>,
  { deadLetterQueueUrl, idempotencyTable }: DeployedConsumer,
): AsyncGenerator<readonly HeldLetter[]> {
  const held = new Map<string, string>();
  let seenAgain = 0;
  try {
    for (;;) {
      const messages = await receive(clients, deadLetterQueueUrl);
      const fresh = messages.filter(({ MessageId = '' }) => !held.has(MessageId));
      for (const { MessageId = '', ReceiptHandle = '' } of messages) held.set(MessageId, ReceiptHandle);
      seenAgain = fresh.length > 0 ? 0 : seenAgain + messages.length;
      // A caller that takes its time sees the first ones come back; the end is when nothing else does.
      if (messages.length === 0 || seenAgain > held.size) return;
      if (fresh.length > 0) yield await readReasons(clients, idempotencyTable, fresh);
    }
  } finally {
    await showAgain(clients, deadLetterQueueUrl, [...held.values()]);
  }
}

async function receive({ sqs }: Pick<OpsClients, 'sqs'>, QueueUrl: string): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: BATCH,
      VisibilityTimeout: HIDDEN_SECONDS,
      // Asks all of SQS's servers, so that a few letters are found at once.
      WaitTimeSeconds: 1,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages;
}

/** What has been deleted meanwhile is refused one by one, which is as well. */
async function showAgain(
  { sqs }: Pick<OpsClients, 'sqs'>,
  QueueUrl: string,
  handles: readonly string[],
): Promise<void> {
  for (let start = 0; start < handles.length; start += BATCH) {
    const Entries = handles
      .slice(start, start + BATCH)
      .map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
}
