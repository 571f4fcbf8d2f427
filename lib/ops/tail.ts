import { randomBytes } from 'node:crypto';
import { paginateListSubscriptionsByTopic, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  paginateListQueues,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { checkEnvelope, type Envelope } from '../contracts/envelope.ts';
import { parseJson } from '../contracts/json.ts';
import { withShortLink } from '../contracts/short-links.ts';
import type { OpsClients } from './clients.ts';
import type { Deployment } from './deployment.ts';
import { queueName } from './queue-name.ts';

export interface TailOptions {
  /** Types on the wire. @default - all */
  readonly types?: readonly string[] | undefined;
  /** Ends it, and takes the queue away again. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: Envelope) => void;
}

const PREFIX = 'fanfare-tail-';
/** A tail that was killed leaves its queue behind; nobody looks on for so long. */
const ORPHANED_AFTER_MS = 24 * 60 * 60_000;
const WAIT_SECONDS = 5;
/** What nobody has read by then is of no interest. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
export const TAIL_RETENTION_SECONDS = 300;

/**
 * Hears of every event as it passes the topic, with its link shortened if it has one, through a queue of its own that is there as long as this runs.
 *
 * @throws Error when the queue cannot be made or subscribed
 */
export async function tail(
  clients: Pick<OpsClients, 'sns' | 'sqs'>,
  { topicArn }: Pick<Deployment, 'topicArn'>,
  options: TailOptions,
): Promise<void> {
  await removeOrphans(clients, topicArn);
  const queue = await createQueue(clients, topicArn);
  try {
    const SubscriptionArn = await subscribe(clients, { topicArn, queue, types: options.types });
    try {
      await follow(clients, queue.url, options);
    } finally {
      await clients.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    }
  } finally {
    await clients.sqs.send(new DeleteQueueCommand({ QueueUrl: queue.url }));
  }
}

interface TailQueue {
  readonly url: string;
  readonly arn: string;
}

async function createQueue({ sqs }: Pick<OpsClients, 'sqs'>, topicArn: string): Promise<TailQueue> {
  const fifo = topicArn.endsWith('.fifo');
  const name = `${PREFIX}${randomBytes(6).toString('hex')}${fifo ? '.fifo' : ''}`;
  const { QueueUrl: url = '' } = await sqs.send(
    new CreateQueueCommand({
      QueueName: name,
      tags: { 'fanfare:role': 'tail' },
      Attributes: {
        MessageRetentionPeriod: String(TAIL_RETENTION_SECONDS),
        ...(fifo && { FifoQueue: 'true' }),
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: '*',
              Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
            },
          ],
        }),
      },
    }),
  );
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  return { url, arn: Attributes.QueueArn ?? '' };
}

async function subscribe(
  { sns }: Pick<OpsClients, 'sns'>,
  { topicArn, queue, types }: { topicArn: string; queue: TailQueue; types: readonly string[] | undefined },
): Promise<string | undefined> {
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: queue.arn,
      ReturnSubscriptionArn: true,
      Attributes: {
        RawMessageDelivery: 'true',
        ...(types && { FilterPolicy: JSON.stringify({ type: types }) }),
      },
    }),
  );
  return SubscriptionArn;
}

async function follow(
  { sqs }: Pick<OpsClients, 'sqs'>,
  QueueUrl: string,
  { signal, onEvent }: TailOptions,
): Promise<void> {
  while (!signal.aborted) {
    const messages = await receive(sqs, QueueUrl, signal);
    for (const { Body = '' } of messages) {
      const event = eventOf(Body);
      if (event) onEvent(withShortLink(event));
    }
    if (messages.length === 0) continue;
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

async function receive(
  sqs: OpsClients['sqs'],
  QueueUrl: string,
  abortSignal: AbortSignal,
): Promise<readonly Message[]> {
  try {
    const command = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: WAIT_SECONDS,
    });
    return (await sqs.send(command, { abortSignal })).Messages ?? [];
  } catch (error) {
    // Being told to stop ends the wait for the next event.
    if (abortSignal.aborted) return [];
    throw error;
  }
}

/** Whoever writes to the topic itself may write what is no event; consumers give it up, and it is not shown. */
function eventOf(body: string): Envelope | undefined {
  try {
    return checkEnvelope(parseJson(body)).event;
  } catch {
    // No JSON, and so no event.
    return undefined;
  }
}

/** Takes away what tails have left that could not do it themselves: their queues and subscriptions. */
async function removeOrphans({ sns, sqs }: Pick<OpsClients, 'sns' | 'sqs'>, TopicArn: string): Promise<void> {
  const names = new Set<string>();
  for await (const { QueueUrls = [] } of paginateListQueues({ client: sqs }, { QueueNamePrefix: PREFIX })) {
    for (const QueueUrl of QueueUrls) {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['CreatedTimestamp'] }),
      );
      if (Date.now() - Number(Attributes.CreatedTimestamp) * 1_000 < ORPHANED_AFTER_MS) continue;
      names.add(queueName(QueueUrl));
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    }
  }
  if (names.size === 0) return;
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic(
    { client: sns },
    { TopicArn },
  )) {
    for (const { Endpoint = '', SubscriptionArn } of Subscriptions) {
      if (names.has(queueName(Endpoint))) await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    }
  }
}
