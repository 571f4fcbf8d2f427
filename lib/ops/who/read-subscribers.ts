import { paginateListSubscriptionsByTopic, type Subscription } from '@aws-sdk/client-sns';
import type { OpsClients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import { attempt, type Problem } from '../problem.ts';
import { queueName } from '../queue-name.ts';
import { readFilter } from '../read-filter.ts';

/** A subscription of the topic of a bus. */
export interface Subscriber {
  /** Label of its consumer, or name of its queue. */
  readonly name: string;
  /** See EventConsumer. */
  readonly owner: string | null;
  /** Its filter policy, parsed. */
  readonly policy: unknown;
}

/** What identifies a subscription. */
type Subscribed = Pick<Subscriber, 'name' | 'owner'> & { readonly subscriptionArn: string };

/**
 * Reads who is subscribed to the topic of a bus: the consumers of all apps, and queues that no known stack owns. One request for each, and
 * one for each hundred.
 */
export async function readSubscribers(
  clients: Pick<OpsClients, 'sns'>,
  { consumers, archives, stackName, topicArn }: Deployment,
): Promise<{ readonly subscribers: readonly Subscriber[]; readonly problems: readonly Problem[] }> {
  const known = consumers
    .filter(({ bus }) => bus === stackName)
    .map(({ label, owner, subscriptionArn }) => ({ name: label, owner, subscriptionArn }));
  const arns = new Set(known.map(({ subscriptionArn }) => subscriptionArn));
  const listed = await attempt({ resource: 'topic', name: topicArn }, listSubscriptions(clients, topicArn));
  // The archive takes every event, and does nothing with it.
  const ofArchives = new Set(archives.map(({ queueUrl }) => queueName(queueUrl)));
  const others = (listed.value ?? []).filter(
    ({ SubscriptionArn = '', Endpoint = '' }) =>
      !arns.has(SubscriptionArn) && !ofArchives.has(queueName(Endpoint)),
  );
  const read = await Promise.all(
    [...known, ...others.flatMap((one) => subscribedOf(one, topicArn))].map((one) => readOne(clients, one)),
  );
  return {
    subscribers: read.flatMap(({ subscriber = [] }) => subscriber),
    problems: [...listed.problems, ...read.flatMap(({ problems }) => problems)],
  };
}

async function listSubscriptions(
  { sns }: Pick<OpsClients, 'sns'>,
  TopicArn: string,
): Promise<readonly Subscription[]> {
  const all: Subscription[] = [];
  for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn }))
    all.push(...Subscriptions);
  return all;
}

/** A queue that no known stack owns. Those of `tail` and the console come and go. */
function subscribedOf(
  { Endpoint = '', SubscriptionArn = '' }: Subscription,
  topicArn: string,
): readonly Subscribed[] {
  const name = queueName(Endpoint);
  if (name.startsWith('fanfare-tail-') || !SubscriptionArn.startsWith('arn:')) return [];
  const [account, ownAccount] = [Endpoint, topicArn].map((arn) => arn.split(':')[4] ?? '');
  return [
    { name, owner: account === ownAccount ? null : (account ?? null), subscriptionArn: SubscriptionArn },
  ];
}

async function readOne(
  clients: Pick<OpsClients, 'sns'>,
  { name, owner, subscriptionArn }: Subscribed,
): Promise<{ readonly subscriber?: Subscriber; readonly problems: readonly Problem[] }> {
  const subscription = { resource: `subscription of ${name}`, name: subscriptionArn };
  const { value, problems } = await attempt(subscription, readFilter(clients, { subscriptionArn }));
  return value
    ? { subscriber: { name, owner, policy: JSON.parse(value.filterPolicy) }, problems }
    : { problems };
}
