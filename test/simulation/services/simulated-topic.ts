import { PublishBatchCommand, type PublishBatchRequestEntry, SNSServiceException } from '@aws-sdk/client-sns';
import { type Envelope, identityOf } from '../../../lib/contracts/envelope/envelope.ts';
import type { Sent } from './simulated-queue.ts';

/** @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
const MAX_BATCH_BYTES = 262_144;
const MAX_ENTRIES = 10;

export interface TopicProps {
  readonly fifo: boolean;
  /** Asked once per entry: whether SNS fails it. */
  readonly refuses: () => boolean;
  /** Asked once per request: how long SNS takes for its answer, in milliseconds. */
  readonly takes: () => number;
  readonly deliver: (sent: Sent, event: Envelope) => void;
}

/** SNS in memory: what is published goes to its subscriber; now and then an entry of a batch fails. */
export class SimulatedTopic {
  /** What has been published: the text of each event, by its identity. */
  readonly published = new Map<string, string>();
  /** How long the last request took, in milliseconds. */
  lastTook = 0;
  readonly #props: TopicProps;

  constructor(props: TopicProps) {
    this.#props = props;
  }

  execute(command: unknown): object {
    if (!(command instanceof PublishBatchCommand))
      throw new TypeError(`the simulation does not know ${command?.constructor.name}`);
    this.lastTook = this.#props.takes();
    const entries = command.input.PublishBatchRequestEntries ?? [];
    const bytes = entries.reduce((sum, one) => sum + bytesOf(one), 0);
    if (bytes > MAX_BATCH_BYTES) throw refusal('BatchRequestTooLongException');
    if (entries.length > MAX_ENTRIES) throw refusal('TooManyEntriesInBatchRequestException');
    if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
      throw refusal('BatchEntryIdsNotDistinctException');
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const { Id, Message = '', MessageGroupId, MessageDeduplicationId } of entries) {
      if (this.#props.fifo && !(MessageGroupId && MessageDeduplicationId)) {
        Failed.push({ Id, Code: 'InvalidParameter', SenderFault: true });
      } else if (this.#props.refuses()) {
        Failed.push({ Id, Code: 'InternalError', SenderFault: false });
      } else {
        const event: Envelope = JSON.parse(Message);
        const identity = identityOf(event);
        this.published.set(identity, Message);
        const sent = { body: Message, identity, groupId: MessageGroupId };
        this.#props.deliver({ ...sent, deduplicationId: MessageDeduplicationId }, event);
        Successful.push({ Id, MessageId: `sns-${identity}` });
      }
    }
    return { Successful, Failed };
  }
}

function bytesOf({ Message = '', MessageAttributes = {} }: PublishBatchRequestEntry): number {
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { DataType = '', StringValue = '' }]) =>
      Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue),
  );
  return attributes.reduce((sum, bytes) => sum + bytes, Buffer.byteLength(Message));
}

function refusal(name: string): SNSServiceException {
  return new SNSServiceException({
    name,
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
    message: name,
  });
}
