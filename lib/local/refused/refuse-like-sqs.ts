import { MAX_BATCH_BYTES, MAX_BATCH_ENTRIES } from '../aws-limits.ts';
import type { MessagingEngine } from '../engines/fauxqs.ts';
import { readRequest } from '../requests/read-request.ts';
import { bytesOf, type Refusal } from './refusal.ts';
import { refusalOfMessage, type SentMessage } from './sqs-message.ts';
import { refusalOfName, refusalOfRead, refusalOfRedrive } from './sqs-queue.ts';

interface Entry extends SentMessage {
  readonly Id?: string;
}

interface SqsRequest extends SentMessage {
  readonly QueueUrl?: string;
  readonly QueueName?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly AttributeNames?: readonly string[];
  readonly Entries?: readonly Entry[];
}

/** An entry of the answer to a batch. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_BatchResultErrorEntry.html */
interface FailedEntry {
  readonly Id: string | undefined;
  readonly SenderFault: true;
  readonly Code: string;
  readonly Message: string;
}

const MESSAGE = {
  MessageBody: 'text',
  DelaySeconds: 'number',
  MessageGroupId: 'text',
  MessageDeduplicationId: 'text',
  ReceiptHandle: 'text',
  VisibilityTimeout: 'number',
  MessageAttributes: {
    mapOf: { members: { DataType: 'text', StringValue: 'text', BinaryValue: 'text' } },
  },
} as const;
const REQUEST = {
  ...MESSAGE,
  QueueUrl: 'text',
  QueueName: 'text',
  Attributes: { mapOf: 'text' },
  AttributeNames: { listOf: 'text' },
  Entries: { listOf: { members: { ...MESSAGE, Id: 'text' } } },
} as const;

/** A request with this header, in a move task, sends what a queue already holds: it is not checked. */
export const MOVE_HEADER = 'x-fanfare-move';
const SERVICE = 'AmazonSQS.';
const TYPE = 'application/x-amz-json-1.0';
/** As the engine checks it. SQS refuses ids of more than 80 characters too. */
const BATCH_ENTRY_ID = /^[\w-]+$/;

/**
 * Refuses what SQS refuses and fauxqs 2.4.1 takes, with the answers of SQS, and what is no request of SQS. lib/local/README.md lists what is
 * still taken. Call it before the engine listens.
 */
export function refuseLikeSqs({ app, sqs }: Pick<MessagingEngine, 'app' | 'sqs'>): void {
  const failedOf = new WeakMap<object, readonly FailedEntry[]>();
  app.addHook('preHandler', async (request, reply) => {
    if (MOVE_HEADER in request.headers) return;
    const target = String(request.headers['x-amz-target']);
    if (!target.startsWith(SERVICE) || !request.headers['content-type']?.startsWith(TYPE)) return;
    const body = readRequest<SqsRequest>(request.body, REQUEST);
    const operation = target.slice(SERVICE.length);
    const refusal = refusalOf(operation, body, sqs);
    if (refusal !== undefined) {
      const { code, message } = refusal;
      reply.status(400).header('content-type', TYPE).header('x-amzn-query-error', `${code};Sender`);
      return reply.send({ __type: `com.amazonaws.sqs#${code}`, message });
    }
    if (operation !== 'SendMessageBatch') return;
    const { taken, failed } = splitBatch(body, sqs);
    if (failed.length === 0) return;
    if (taken.length === 0)
      return reply.header('content-type', TYPE).send({ Successful: [], Failed: failed });
    failedOf.set(request, failed);
    request.body = { ...body, Entries: taken };
  });
  app.addHook('preSerialization', async (request, _reply, answer: unknown) => {
    const failed = failedOf.get(request);
    if (failed === undefined || typeof answer !== 'object' || answer === null || !('Failed' in answer))
      return answer;
    const own = Array.isArray(answer.Failed) ? answer.Failed : [];
    return { ...answer, Failed: [...own, ...failed] };
  });
}

function refusalOf(operation: string, body: SqsRequest, sqs: MessagingEngine['sqs']): Refusal | undefined {
  const { QueueName: name, QueueUrl = '', Attributes = {} } = body;
  const queue = sqs.getQueue(QueueUrl);
  const find = (arn: string) => sqs.getQueueByArn(arn);
  const { RedrivePolicy: policy = '' } = Attributes;
  if (operation === 'CreateQueue' && name !== undefined) {
    const isFifo = Attributes.FifoQueue === 'true';
    const refusal = refusalOfName(name, isFifo);
    return refusal ?? (policy === '' ? undefined : refusalOfRedrive(policy, { isFifo, find }));
  }
  // The engine says that the queue does not exist.
  if (!queue) return undefined;
  if (operation === 'GetQueueAttributes') return refusalOfRead(body.AttributeNames ?? []);
  if (operation === 'SendMessage') return refusalOfMessage(body, queue.isFifo());
  if (operation === 'SetQueueAttributes' && policy !== '')
    return refusalOfRedrive(policy, { isFifo: queue.isFifo(), find });
  return undefined;
}

function isRefusedAsWhole(entries: readonly Entry[]): boolean {
  const ids = new Set(entries.map(({ Id }) => Id));
  const bytes = entries.reduce(
    (sum, { MessageBody = '', MessageAttributes = {} }) =>
      sum + bytesOf(MessageBody, Object.entries(MessageAttributes)),
    0,
  );
  return (
    entries.length > MAX_BATCH_ENTRIES ||
    ids.size < entries.length ||
    bytes > MAX_BATCH_BYTES ||
    entries.some(({ Id = '' }) => !BATCH_ENTRY_ID.test(Id))
  );
}

/** The entries that SQS takes, and the others. What the engine refuses as a whole is left to it. */
function splitBatch(
  { QueueUrl = '', Entries = [] }: SqsRequest,
  sqs: MessagingEngine['sqs'],
): { readonly taken: readonly Entry[]; readonly failed: readonly FailedEntry[] } {
  const queue = sqs.getQueue(QueueUrl);
  if (!queue || isRefusedAsWhole(Entries)) return { taken: Entries, failed: [] };
  const checked = Entries.map((entry) => ({ entry, refusal: refusalOfMessage(entry, queue.isFifo()) }));
  return {
    taken: checked.flatMap(({ entry, refusal }) => (refusal ? [] : [entry])),
    failed: checked.flatMap(({ entry: { Id }, refusal }) =>
      refusal ? [{ Id, SenderFault: true, Code: refusal.code, Message: refusal.message }] : [],
    ),
  };
}
