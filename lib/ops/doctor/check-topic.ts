import { paginateListSubscriptionsByTopic } from '@aws-sdk/client-sns';
import type { OpsClients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import type { Finding } from './finding.ts';

/** The fifth part of an ARN. */
const accountOf = (arn: string): string | undefined => arn.split(':')[4];

/**
 * Subscriptions that take events out of the account, or to something that is no queue. The topic refuses new ones; those that were
 * there before its policy, or while somebody had changed it, stay.
 */
export async function checkTopic(
  { sns }: Pick<OpsClients, 'sns'>,
  { topicArn }: Pick<Deployment, 'topicArn'>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const pages = paginateListSubscriptionsByTopic({ client: sns }, { TopicArn: topicArn });
  for await (const { Subscriptions = [] } of pages) {
    for (const { Protocol = '', Endpoint = '', SubscriptionArn = '' } of Subscriptions) {
      if (Protocol === 'sqs' && accountOf(Endpoint) === accountOf(topicArn)) continue;
      findings.push({
        severity: 'warning',
        resource: 'topic of events',
        detail: `delivers to ${Endpoint} (${Protocol}), which is no queue of this account`,
        remedy: SubscriptionArn.startsWith('arn:')
          ? `find out whose it is; end it with aws sns unsubscribe --subscription-arn ${SubscriptionArn}`
          : 'nobody has confirmed it; SNS forgets it by itself after a while',
      });
    }
  }
  return findings;
}
