import { paginateListSubscriptionsByTopic, type Subscription } from '@aws-sdk/client-sns';
import type { OpsClients } from '../clients.ts';
import { attempt } from '../problem.ts';
import { queueName } from '../queue-name.ts';
import { readFilter } from '../read-filter.ts';
import { locationOf } from './attributes.ts';
import type { Finding } from './finding.ts';

/** Names of the queues of `tail` and the console. */
const TAIL_QUEUE = /^fanfare-tail-/;

/** The subscriptions of a topic that are meant to be there. */
export interface ExpectedSubscriptions {
  /** ARNs of the subscriptions in the stacks of all apps. */
  readonly known: ReadonlySet<string>;
  /** Ids of the other accounts that may subscribe queues. */
  readonly accounts: readonly string[];
  /** The organization whose accounts may subscribe queues. @default - none */
  readonly organization?: string | undefined;
}

/**
 * Reports subscriptions of the event topic that are in no known stack. Those of accounts that may subscribe are only listed. The policy of the
 * topic refuses all others; but a subscription that was made before the policy, or while somebody had changed it, still exists.
 */
export async function checkTopic(
  clients: Pick<OpsClients, 'sns'>,
  TopicArn: string,
  expected: ExpectedSubscriptions,
): Promise<readonly Finding[]> {
  const unknown: Subscription[] = [];
  const pages = paginateListSubscriptionsByTopic({ client: clients.sns }, { TopicArn });
  for await (const { Subscriptions = [] } of pages) {
    unknown.push(...Subscriptions.filter(({ SubscriptionArn = '' }) => !expected.known.has(SubscriptionArn)));
  }
  const ownAccount = locationOf(TopicArn).account;
  const findings = await Promise.all(
    unknown.map(async (one): Promise<readonly Finding[]> => {
      const { account } = locationOf(one.Endpoint ?? '');
      if (one.Protocol !== 'sqs') return [describeAddress(one)];
      if (account === ownAccount) return describeStray(one);
      if (expected.accounts.includes(account)) return [await describeOtherAccount(clients, one)];
      const { organization } = expected;
      return [
        organization === undefined ? describeForeignSubscription(one) : describeMember(one, organization),
      ];
    }),
  );
  return findings.flat();
}

/** A queue of this account that no stack owns. */
function describeStray({ Endpoint = '', SubscriptionArn = '' }: Subscription): readonly Finding[] {
  if (TAIL_QUEUE.test(queueName(Endpoint))) return [];
  return [
    {
      severity: 'warning',
      resource: 'topic of events',
      detail: `delivers to ${Endpoint}, which is no queue of a consumer of this stage, nor of another app's that is known`,
      remedy: removal(SubscriptionArn),
    },
  ];
}

async function describeOtherAccount(
  clients: Pick<OpsClients, 'sns'>,
  { Endpoint = '', SubscriptionArn = '' }: Subscription,
): Promise<Finding> {
  const subscription = { resource: 'subscription', name: SubscriptionArn };
  const { value } = await attempt(subscription, readFilter(clients, { subscriptionArn: SubscriptionArn }));
  const types = value?.types.join(', ') || 'all types';
  return {
    severity: 'info',
    resource: 'topic of events',
    detail: `delivers to ${nameOf(Endpoint)}, as its policy allows; ${value ? `it takes ${types}` : 'what it takes cannot be read here'}`,
    remedy: `nothing; when that account should not get events, remove it: aws sns unsubscribe --subscription-arn ${SubscriptionArn}`,
  };
}

/** Which accounts belong to an organization cannot be known here. */
function describeMember(
  { Endpoint = '', SubscriptionArn = '' }: Subscription,
  organization: string,
): Finding {
  return {
    severity: 'warning',
    resource: 'topic of events',
    detail: `delivers to ${nameOf(Endpoint)}; see whether that account is still a member of ${organization}`,
    remedy: removal(SubscriptionArn),
  };
}

function describeForeignSubscription({ Endpoint = '', SubscriptionArn = '' }: Subscription): Finding {
  return {
    severity: 'error',
    resource: 'topic of events',
    detail: `delivers to ${nameOf(Endpoint)} (${Endpoint}), which is no queue of this account and of none that may subscribe`,
    remedy: removal(SubscriptionArn),
  };
}

function describeAddress({ Protocol = '', Endpoint = '', SubscriptionArn = '' }: Subscription): Finding {
  return {
    severity: 'error',
    resource: 'topic of events',
    detail: `delivers to ${Endpoint} (${Protocol}), which is no queue of this account`,
    remedy: removal(SubscriptionArn),
  };
}

function nameOf(queueArn: string): string {
  return `the queue ${queueName(queueArn)} of account ${locationOf(queueArn).account}`;
}

function removal(subscriptionArn: string): string {
  return subscriptionArn.startsWith('arn:')
    ? `find its owner; remove it with aws sns unsubscribe --subscription-arn ${subscriptionArn}`
    : 'nothing: it is not confirmed, and SNS removes it after some days';
}
