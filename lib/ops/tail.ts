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
import { checkEnvelope, type Envelope } from '../contracts/envelope/envelope.ts';
import { parseJson } from '../contracts/json/json.ts';
import { withShortLink } from '../contracts/text/short-links.ts';
import { MAX_RECEIVE_MESSAGES } from './aws-limits.ts';
import type { OpsClients } from './clients.ts';
import type { Deployment } from './deployment.ts';
import { undefinedIfMissing } from './problem.ts';
import { queueName } from './queue-name.ts';

export interface TailOptions {
  /** Versioned event types. @default - all */
  readonly types?: readonly string[] | undefined;
  /** Ends the tail and deletes its queue. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: Envelope) => void;
  /** Called when the tail is subscribed: it receives every event from now on. */
  readonly onListening?: (() => void) | undefined;
}

const PREFIX = 'fanfare-tail-';
/** A tail that was killed leaves its queue behind. A queue that is older than this is deleted. */
const ORPHANED_AFTER_MS = 24 * 60 * 60_000;
const WAIT_SECONDS = 5;
/** Retention of the queue of a tail. Older events are not shown. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
export const TAIL_RETENTION_SECONDS = 300;

/**
 * Receives every event that is published to the topic, through its own queue, which it creates and deletes again. Links to data are shortened.
 *
 * @throws Error when the queue cannot be created or subscribed
 */
export async function tail(
  clients: Pick<OpsClients, 'sns' | 'sqs'>,
  { topicArn }: Pick<Deployment, 'topicArn'>,
  options: TailOptions,
): Promise<void> {
  await removeOrphans(clients, topicArn);
  const QueueUrl = await createQueue(clients, topicArn);
  try {
    const endpoint = await arnOf(clients, QueueUrl);
    const SubscriptionArn = await subscribe(clients, { topicArn, endpoint, types: options.types });
    try {
      options.onListening?.();
      await follow(clients, QueueUrl, options);
    } finally {
      await clients.sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    }
  } finally {
    await clients.sqs.send(new DeleteQueueCommand({ QueueUrl }));
  }
}

async function createQueue({ sqs }: Pick<OpsClients, 'sqs'>, topicArn: string): Promise<string> {
  const fifo = topicArn.endsWith('.fifo');
  const name = `${PREFIX}${randomBytes(6).toString('hex')}${fifo ? '.fifo' : ''}`;
  const { QueueUrl = '' } = await sqs.send(
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
  return QueueUrl;
}

async function arnOf({ sqs }: Pick<OpsClients, 'sqs'>, QueueUrl: string): Promise<string> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  return (await sqs.send(command)).Attributes?.QueueArn ?? '';
}

async function subscribe(
  { sns }: Pick<OpsClients, 'sns'>,
  { topicArn, endpoint, types }: { topicArn: string; endpoint: string; types: readonly string[] | undefined },
): Promise<string | undefined> {
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: endpoint,
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
      MaxNumberOfMessages: MAX_RECEIVE_MESSAGES,
      WaitTimeSeconds: WAIT_SECONDS,
    });
    return (await sqs.send(command, { abortSignal })).Messages ?? [];
  } catch (error) {
    // The tail was stopped, which aborts the request.
    if (abortSignal.aborted) return [];
    throw error;
  }
}

/** The event in a message; undefined when it is no event. Somebody may publish other messages to the topic; they are not shown. */
function eventOf(body: string): Envelope | undefined {
  try {
    return checkEnvelope(parseJson(body)).event;
  } catch {
    // The body is no JSON, so it is no event.
    return undefined;
  }
}

/** Deletes queues and subscriptions of tails that were killed. */
async function removeOrphans({ sns, sqs }: Pick<OpsClients, 'sns' | 'sqs'>, TopicArn: string): Promise<void> {
  const names = new Set<string>();
  for await (const { QueueUrls = [] } of paginateListQueues({ client: sqs }, { QueueNamePrefix: PREFIX })) {
    for (const QueueUrl of QueueUrls) {
      const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['CreatedTimestamp'] });
      // SQS still lists a queue for a minute after it was deleted.
      const queue = await undefinedIfMissing(sqs.send(command));
      const createdAt = Number(queue?.Attributes?.CreatedTimestamp) * 1_000;
      if (!queue || Date.now() - createdAt < ORPHANED_AFTER_MS) continue;
      names.add(queueName(QueueUrl));
      await undefinedIfMissing(sqs.send(new DeleteQueueCommand({ QueueUrl })));
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
