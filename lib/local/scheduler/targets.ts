import { GetQueueUrlCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { inputOf, type Occurrence, timeTextOf } from './occurrence.ts';

/** The queues and functions of this machine. */
export interface Targets {
  readonly sqs: SQSClient;
  /** By ARN. */
  readonly functions: ReadonlyMap<string, { invoke(event: unknown): Promise<unknown> }>;
}

/** The target of a schedule does not exist. Trying again does not help. */
export class MissingTargetError extends Error {
  override readonly name = 'NO_RESOURCE';
}

/** Why an occurrence is given up. */
export interface GivenUp {
  readonly error: Error;
  /** @default - the error itself is final */
  readonly condition?: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds';
}

/**
 * Sends an occurrence to its target: a message to a queue, or an asynchronous invocation of a function. What becomes of the invocation is of
 * no concern, as on AWS.
 *
 * @throws MissingTargetError when there is no such queue or function
 */
export async function sendToTarget(occurrence: Occurrence, { sqs, functions }: Targets): Promise<void> {
  const { Target } = occurrence.schedule.settings;
  const input = inputOf(occurrence);
  if (/^arn:[^:]+:sqs:/.test(Target.Arn)) {
    const { MessageGroupId } = Target.SqsParameters ?? {};
    const QueueUrl = await urlOf(Target.Arn, sqs);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: input, MessageGroupId }));
    return;
  }
  const target = functions.get(Target.Arn);
  if (!target) throw new MissingTargetError(`there is no function ${Target.Arn}`);
  void target.invoke(JSON.parse(input));
}

/**
 * Sends what its target did not get to the dead-letter queue of the schedule.
 *
 * @returns false when it has none, or there is no such queue
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
export async function sendToDeadLetterQueue(
  occurrence: Occurrence,
  { error, condition }: GivenUp,
  sqs: SQSClient,
): Promise<boolean> {
  const { arn, settings } = occurrence.schedule;
  const queueArn = settings.Target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) return false;
  const attributes = {
    ERROR_CODE: error.name,
    // Node's error of a refused connection has no message, and SQS takes no attribute that is empty.
    ERROR_MESSAGE: error.message || error.name,
    EXECUTION_ID: occurrence.executionId,
    ...(condition && { EXHAUSTED_RETRY_CONDITION: condition }),
    IS_PAYLOAD_TRUNCATED: 'false',
    RETRY_ATTEMPTS: String(occurrence.attempt - 1),
    SCHEDULED_TIME: timeTextOf(occurrence.scheduledAt),
    SCHEDULE_ARN: arn,
    TARGET_ARN: settings.Target.Arn,
  };
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  try {
    const QueueUrl = await urlOf(queueArn, sqs);
    await sqs.send(
      new SendMessageCommand({ QueueUrl, MessageBody: requestOf(occurrence), MessageAttributes }),
    );
    return true;
  } catch (problem) {
    // There is nowhere to keep it: the caller says so in the terminal.
    if (problem instanceof MissingTargetError) return false;
    throw problem;
  }
}

/** The request that the target did not take. */
function requestOf(occurrence: Occurrence): string {
  const { Arn, SqsParameters } = occurrence.schedule.settings.Target;
  const input = inputOf(occurrence);
  return /^arn:[^:]+:sqs:/.test(Arn)
    ? JSON.stringify({ MessageBody: input, QueueUrl: Arn, ...SqsParameters })
    : JSON.stringify({ FunctionName: Arn, InvocationType: 'Event', Payload: input });
}

async function urlOf(queueArn: string, sqs: SQSClient): Promise<string> {
  try {
    const QueueName = queueArn.split(':').at(-1);
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    return QueueUrl;
  } catch (error) {
    // Any other error may pass, and is tried again.
    if (error instanceof Error && /NonExistentQueue|QueueDoesNotExist/.test(error.name))
      throw new MissingTargetError(`there is no queue ${queueArn}`, { cause: error });
    throw error;
  }
}
