import { type JsonCaller, parseObject, requestJson } from '../../aws/json-request.ts';
import type { SendBatch } from './later-queue.ts';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html */
const SEND_MESSAGE_BATCH = {
  service: 'sqs',
  variable: 'SQS',
  target: 'AmazonSQS.SendMessageBatch',
  version: '1.0',
} as const;

/** A refusal of the whole request, with the code as its name. */
class QueueError extends Error {
  /** As the SDK marks an error after which the same request may succeed. */
  readonly $retryable: object | undefined;

  constructor(code: string, reason: string, isTransient: boolean) {
    super(reason);
    this.name = code || 'QueueError';
    this.$retryable = isTransient ? {} : undefined;
  }
}

/** Creates a sender without the client of SQS, which the publish function does not need for anything else: its bundle is its cold start. */
export function createSendBatch(caller: JsonCaller): SendBatch {
  return async (input, { abortSignal }) => {
    const answer = await requestJson(SEND_MESSAGE_BATCH, input, caller, abortSignal);
    if ('refusal' in answer) {
      const { code, reason, isTransient } = answer.refusal;
      throw new QueueError(code, `SQS answers ${reason}`, isTransient);
    }
    // An answer that cannot be read mentions no message, so all count as not sent, and are sent again.
    return { Successful: [], Failed: [], ...parseObject<Awaited<ReturnType<SendBatch>>>(answer.text) };
  };
}
