import type {
  ChangeMessageVisibilityBatchCommandInput,
  SendMessageBatchCommandInput,
} from '@aws-sdk/client-sqs';
import type { Message } from './message.ts';
import type { World } from './world.ts';

/** Executes what the runtime asks of SQS: when messages come again, and dead letters. */
export function executeSqs(
  world: World,
  delivered: readonly Message[],
  operation: string,
  input: object,
): object {
  if (operation === 'ChangeMessageVisibilityBatch')
    return changeVisibility(world, delivered, input as ChangeMessageVisibilityBatchCommandInput);
  if (operation === 'SendMessageBatch')
    return giveUp(world, delivered, input as SendMessageBatchCommandInput);
  throw world.reportTestError(new TypeError(`the testing kit does not know SQS's ${operation}`));
}

function changeVisibility(
  world: World,
  delivered: readonly Message[],
  { Entries = [] }: ChangeMessageVisibilityBatchCommandInput,
): object {
  for (const { ReceiptHandle, VisibilityTimeout = 0 } of Entries) {
    const message = delivered.find(({ messageId }) => messageId === ReceiptHandle);
    if (message) message.visibleAt = world.scheduler.now + VisibilityTimeout * 1000;
  }
  return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
}

function giveUp(
  world: World,
  delivered: readonly Message[],
  { Entries = [] }: SendMessageBatchCommandInput,
): object {
  for (const { MessageBody = '', MessageAttributes = {} } of Entries) {
    world.deadLetters.push({
      messageId: delivered.find(({ body }) => body === MessageBody)?.messageId ?? '',
      body: MessageBody,
      errorName: MessageAttributes.errorName?.StringValue ?? '',
      errorMessage: MessageAttributes.errorMessage?.StringValue ?? '',
    });
  }
  return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
}
