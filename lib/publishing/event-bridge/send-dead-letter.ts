import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { reasonAttributes } from '../../contracts/delivery/reason-attributes.ts';

/** The only characters that JSON does not escape and SQS does not accept. */
const FORBIDDEN = /[\uFFFE\uFFFF]/g;

/**
 * Sends the payload of an invocation to a dead-letter queue, with the reason in the attributes. The body is the payload itself, as it is
 * when EventBridge or Lambda sends it there.
 */
export async function sendDeadLetter(
  sqs: Pick<SQSClient, 'send'>,
  QueueUrl: string,
  {
    payload,
    error,
    signal,
  }: { readonly payload: unknown; readonly error: Error; readonly signal: AbortSignal },
): Promise<void> {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16)}`;
  await sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: JSON.stringify(payload).replace(FORBIDDEN, escaped),
      MessageAttributes: reasonAttributes(error, Date.now()),
    }),
    { abortSignal: signal },
  );
}
