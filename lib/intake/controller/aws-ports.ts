import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { reasonAttributes } from '../../contracts/delivery/reason-attributes.ts';
import { clipText } from '../../contracts/text/clip-text.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import { NoMappingError, setPolling } from '../mapping.ts';
import type { ConsumerQueue, ControllerPorts, PollingChange, Probed } from './controller-ports.ts';
import { probeSeconds } from './probe-time.ts';
import { readProbeAnswer } from './read-probe-answer.ts';
import { sqsRecord } from './sqs-record.ts';

/** Long enough that SQS asks all its servers, and short, because the controller is billed meanwhile. */
const WAIT_SECONDS = 1;
const MS_PER_SECOND = 1_000;
/** Characters of the error with which a function has ended. */
const MAX_ERROR_CHARACTERS = 500;

/** Starts and stops the polling of a function, and says when that is not possible now, or not any more. */
export function createPolling(lambda: LambdaClient): ControllerPorts['setPolling'] {
  return async (functionName, wanted): Promise<PollingChange> => {
    try {
      await setPolling(lambda, functionName, wanted);
      return 'done';
    } catch (error) {
      const { name } = toError(error);
      // A change takes up to a minute, and Lambda takes no other one meanwhile.
      if (name === 'ResourceInUseException' || name === 'ResourceConflictException') return 'busy';
      if (error instanceof NoMappingError || name === 'ResourceNotFoundException') return 'gone';
      throw error;
    }
  };
}

/** Invokes a consumer with one message. */
export function createProbe(lambda: LambdaClient, log: ControllerPorts['log']): ControllerPorts['probe'] {
  return async (trip, message, { givesUp }): Promise<Probed> => {
    const { functionName, queueArn, cause } = trip;
    const Payload = JSON.stringify({ Records: [sqsRecord(message, queueArn)], probe: cause, givesUp });
    const milliseconds = probeSeconds(trip) * MS_PER_SECOND;
    try {
      const answer = await lambda.send(new InvokeCommand({ FunctionName: functionName, Payload }), {
        abortSignal: AbortSignal.timeout(milliseconds),
        requestTimeout: milliseconds,
      });
      const text = Buffer.from(answer.Payload ?? []).toString();
      if (answer.FunctionError !== undefined)
        throw new Error(`${answer.FunctionError}: ${clipText(text, MAX_ERROR_CHARACTERS)}`);
      return readProbeAnswer(text, message.MessageId ?? '');
    } catch (error) {
      // The message comes again after the visibility timeout of its queue, and the next probe may succeed.
      log('the probe could not be run', { functionName, error: toError(error) });
      return { answer: 'failed', keeps: true };
    }
  };
}

/** The queues of consumers. */
export function createConsumerQueue(sqs: Pick<SQSClient, 'send'>): ConsumerQueue {
  return {
    receive: async (QueueUrl) => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 1,
          WaitTimeSeconds: WAIT_SECONDS,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      return Messages[0];
    },
    delete: async (QueueUrl, { ReceiptHandle }: Message) => {
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    },
    limits: async (QueueUrl) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: ['RedrivePolicy', 'MessageRetentionPeriod'],
        }),
      );
      const policy: { readonly maxReceiveCount?: unknown } = JSON.parse(Attributes.RedrivePolicy ?? '{}');
      return {
        maxReceiveCount: Number(policy.maxReceiveCount ?? Number.POSITIVE_INFINITY),
        retentionSeconds: Number(Attributes.MessageRetentionPeriod),
      };
    },
    waiting: async (QueueUrl) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      return Number(Attributes.ApproximateNumberOfMessages);
    },
  };
}

/** The control queue and its dead-letter queue. */
export function createControlQueue(
  sqs: Pick<SQSClient, 'send'>,
  urls: { readonly queue: string; readonly deadLetterQueue: string },
  now: () => number,
): Pick<ControllerPorts, 'hide' | 'renew' | 'bury'> {
  return {
    hide: async (ReceiptHandle, VisibilityTimeout) => {
      await sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: urls.queue, ReceiptHandle, VisibilityTimeout }),
      );
    },
    renew: async (message, oldId) => {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: urls.queue,
          MessageBody: JSON.stringify(message),
          MessageGroupId: message.consumer,
          MessageDeduplicationId: oldId,
        }),
      );
    },
    bury: async (body, reason) => {
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: urls.deadLetterQueue,
          MessageBody: body,
          MessageAttributes: reasonAttributes(reason, now()),
        }),
      );
    },
  };
}
