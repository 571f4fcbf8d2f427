import { GetQueueAttributesCommand, ListMessageMoveTasksCommand } from '@aws-sdk/client-sqs';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer } from '../deployment.ts';
import { type Attempt, attempt, type Problem } from '../problem.ts';
import { queueName } from '../queue-name.ts';
import type { TracedRecord } from './read-record.ts';

/** State of the queues of a consumer, read without receiving messages. */
export interface QueueState {
  readonly queueIsEmpty: boolean;
  readonly deadLetterQueueIsEmpty: boolean;
  /** When SQS began its latest redrive of all dead letters, if that is complete; epoch milliseconds. */
  readonly redrivenAt?: number | undefined;
  /** When SQS began the redrive that runs now; epoch milliseconds. */
  readonly redriveRunsSince?: number | undefined;
}

/**
 * Counts of SQS are correct about a minute after a change.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
const SETTLED_MS = 60_000;

/**
 * Finds out where the message of an unfinished event is. No record says that SQS itself moved a message to the dead-letter queue, or that an operator
 * sent it back or deleted it. This reads only the queues of consumers with unfinished events, three requests each. It receives no messages,
 * because that would hide them.
 */
export async function lookForMessages(
  clients: Pick<OpsClients, 'sqs'>,
  consumers: readonly DeployedConsumer[],
  records: readonly TracedRecord[],
): Promise<{ readonly records: readonly TracedRecord[]; readonly problems: readonly Problem[] }> {
  const names = new Set(records.flatMap((record) => (isOpen(record) ? record.consumer : [])));
  const unfinished = consumers.filter(({ label }) => names.has(label));
  const readings = await Promise.all(
    unfinished.map(async (one) => ({ label: one.label, ...(await stateOf(clients, one)) })),
  );
  const states = new Map(readings.map(({ label, value }) => [label, value]));
  return {
    // When the queues could not be read, the trace shows the status in the record.
    records: records.map((record) => {
      const state = states.get(record.consumer);
      return state ? withQueueState(record, state, Date.now()) : record;
    }),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

/** Whether the message can be somewhere that the record does not say. */
function isOpen({ status }: TracedRecord): boolean {
  return status === 'dead' || status === 'retrying' || status === 'died' || status === 'waiting';
}

/** A record with the status that the state of its queues shows. @param now epoch milliseconds */
export function withQueueState(record: TracedRecord, state: QueueState, now: number): TracedRecord {
  if (!isOpen(record)) return record;
  const { queueIsEmpty, deadLetterQueueIsEmpty, redrivenAt, redriveRunsSince } = state;
  const since = record.since ?? record.endedAt ?? record.startedAt ?? 0;
  if (record.status === 'dead') {
    if (redrivenAt !== undefined && redrivenAt > since)
      return { ...record, status: 'redriven', since: redrivenAt };
    // SQS moves messages in any order. Which ones it has moved is known only at the end.
    if (redriveRunsSince !== undefined && redriveRunsSince > since) return { ...record, redriveRunsSince };
    return deadLetterQueueIsEmpty && now - since > SETTLED_MS ? { ...record, status: 'gone' } : record;
  }
  // The queue is empty, so the message will not be delivered again: SQS has moved it to the dead-letter queue.
  if (!queueIsEmpty || now - since < SETTLED_MS) return record;
  return { ...record, status: deadLetterQueueIsEmpty ? 'gone' : 'dead' };
}

/** Reads the queues of a consumer; null when one of them does not exist or there is no permission to read it. */
async function stateOf(
  { sqs }: Pick<OpsClients, 'sqs'>,
  { queueUrl, deadLetterQueueUrl }: DeployedConsumer,
): Promise<Attempt<QueueState>> {
  const [queue, deadLetterQueue] = await Promise.all([
    attempt({ resource: 'queue', name: queueName(queueUrl) }, look({ sqs }, queueUrl)),
    attempt(
      { resource: 'dead-letter queue', name: queueName(deadLetterQueueUrl) },
      lookAtDeadLetters({ sqs }, deadLetterQueueUrl),
    ),
  ]);
  const problems = [...queue.problems, ...deadLetterQueue.problems];
  if (!queue.value || !deadLetterQueue.value) return { value: null, problems };
  return { value: { queueIsEmpty: queue.value.isEmpty, ...deadLetterQueue.value }, problems };
}

async function lookAtDeadLetters(
  clients: Pick<OpsClients, 'sqs'>,
  queueUrl: string,
): Promise<Omit<QueueState, 'queueIsEmpty'>> {
  const { arn: SourceArn, isEmpty } = await look(clients, queueUrl);
  const { Results: [task] = [] } = await clients.sqs.send(
    new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }),
  );
  const { Status, StartedTimestamp } = task ?? {};
  return {
    deadLetterQueueIsEmpty: isEmpty,
    ...(Status === 'COMPLETED' && { redrivenAt: StartedTimestamp }),
    ...((Status === 'RUNNING' || Status === 'CANCELLING') && { redriveRunsSince: StartedTimestamp }),
  };
}

async function look(
  { sqs }: Pick<OpsClients, 'sqs'>,
  QueueUrl: string,
): Promise<{ readonly arn: string | undefined; readonly isEmpty: boolean }> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'QueueArn',
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  const { QueueArn, ...counts } = Attributes;
  return { arn: QueueArn, isEmpty: Object.values(counts).every((count) => Number(count) === 0) };
}
