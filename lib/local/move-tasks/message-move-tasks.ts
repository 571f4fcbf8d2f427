import type { SQSClient } from '@aws-sdk/client-sqs';
import { MAX_LISTED_MOVE_TASKS, MAX_MOVED_PER_SECOND } from '../aws-limits.ts';
import type { MessagingEngine, Queue } from '../engines/fauxqs.ts';
import { entryOf } from '../functions/entry-of.ts';
import { readRequest } from '../requests/read-request.ts';
import { MessageMoveTask } from './message-move-task.ts';

interface TaskRequest {
  readonly SourceArn?: string;
  readonly DestinationArn?: string;
  readonly MaxNumberOfMessagesPerSecond?: number;
  readonly MaxResults?: number;
  readonly TaskHandle?: string;
}

const REQUEST = {
  SourceArn: 'text',
  DestinationArn: 'text',
  MaxNumberOfMessagesPerSecond: 'number',
  MaxResults: 'number',
  TaskHandle: 'text',
} as const;

/** An error that SQS answers with. */
class RefusalError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const invalid = (message: string): RefusalError => new RefusalError('InvalidParameterValue', 400, message);
const notFound = (message: string): RefusalError =>
  new RefusalError('ResourceNotFoundException', 404, message);

/**
 * Serves SQS's StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask, which the engine does not have. It refuses what AWS
 * refuses, with the messages of AWS. As on AWS, a moved message gets a new id, and without a destination it goes back to the queue that it
 * came from.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 * @see https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs_move_task.snapshot.json
 */
export class MessageMoveTasks {
  /** All tasks, the latest first. */
  readonly #tasks: MessageMoveTask[] = [];
  readonly #engine: MessagingEngine;
  readonly #sqs: SQSClient;

  constructor(engine: MessagingEngine, sqs: SQSClient) {
    this.#engine = engine;
    this.#sqs = sqs;
  }

  /** Answers these actions instead of the engine. Call it before the engine listens. */
  serve(): void {
    const actions: Readonly<Record<string, (request: TaskRequest) => object>> = {
      'AmazonSQS.StartMessageMoveTask': (request) => this.#start(request),
      'AmazonSQS.ListMessageMoveTasks': (request) => this.#list(request),
      'AmazonSQS.CancelMessageMoveTask': (request) => this.#cancel(request),
    };
    this.#engine.app.addHook('preHandler', async (request, reply) => {
      const action = entryOf(actions, String(request.headers['x-amz-target']));
      if (!action) return;
      try {
        return reply.send(action(readRequest<TaskRequest>(request.body, REQUEST)));
      } catch (error) {
        if (!(error instanceof RefusalError)) throw error;
        const { code, status, message } = error;
        reply.status(status).header('x-amzn-query-error', `${code};Sender`);
        return reply.send({ __type: `com.amazonaws.sqs#${code}`, message });
      }
    });
  }

  #start({ SourceArn = '', DestinationArn, MaxNumberOfMessagesPerSecond: perSecond }: TaskRequest): object {
    if (perSecond !== undefined)
      requireWhole('MaxNumberOfMessagesPerSecond', perSecond, MAX_MOVED_PER_SECOND);
    const from = this.#queueOf('SourceArn', SourceArn);
    if (!this.#isDeadLetterQueue(SourceArn)) {
      throw invalid('Source queue must be configured as a Dead Letter Queue.');
    }
    const to = DestinationArn === undefined ? undefined : this.#queueOf('DestinationArn', DestinationArn);
    if (to === from) throw invalid('Source queue arn and destination queue arn cannot be the same.');
    if (to && to.isFifo() !== from.isFifo()) {
      throw invalid('The source queue and the destination queue must be of the same type.');
    }
    if (this.#tasks.some((task) => task.isUnderWay && task.sourceArn === SourceArn)) {
      throw invalid(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const task = new MessageMoveTask(this.#engine, this.#sqs, { from, to, perSecond });
    this.#tasks.unshift(task);
    void task.run();
    return { TaskHandle: task.handle };
  }

  #list({ SourceArn = '', MaxResults = 1 }: TaskRequest): object {
    requireWhole('MaxResults', MaxResults, MAX_LISTED_MOVE_TASKS);
    this.#queueOf('SourceArn', SourceArn);
    const tasks = this.#tasks.filter((task) => task.sourceArn === SourceArn);
    return { Results: tasks.slice(0, MaxResults).map(({ entry }) => entry) };
  }

  #cancel({ TaskHandle }: TaskRequest): object {
    const task = this.#tasks.find(({ handle, isRunning }) => isRunning && handle === TaskHandle);
    if (!task) throw notFound('Task does not exist.');
    task.cancel();
    return { ApproximateNumberOfMessagesMoved: task.moved };
  }

  #queueOf(parameter: string, arn: string): Queue {
    const queue = this.#engine.sqs.getQueueByArn(arn);
    if (queue) return queue;
    throw notFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);
  }

  #isDeadLetterQueue(arn: string): boolean {
    return [...this.#engine.sqs.allQueues()].some(({ attributes: { RedrivePolicy } }) => {
      if (!RedrivePolicy) return false;
      const { deadLetterTargetArn }: { deadLetterTargetArn?: string } = JSON.parse(RedrivePolicy);
      return deadLetterTargetArn === arn;
    });
  }
}

function requireWhole(parameter: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= max) return;
  throw invalid(
    `Value ${value} for parameter ${parameter} is invalid. Reason: must be between 1 and ${max}, if provided.`,
  );
}
