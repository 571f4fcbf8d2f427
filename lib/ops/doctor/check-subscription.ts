import { isDeepStrictEqual } from 'node:util';
import { GetSubscriptionAttributesCommand, NotFoundException } from '@aws-sdk/client-sns';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer } from '../deployment.ts';
import { typesOfFilter } from '../filter-types.ts';
import type { Finding } from './finding.ts';
import type { Expected } from './read-expected.ts';

/** A subscription that is there, confirmed and raw, and whose filter lets through what somebody publishes. */
export async function checkSubscription(
  { sns }: Pick<OpsClients, 'sns'>,
  { name, subscriptionArn }: DeployedConsumer,
  {
    expected,
    knownTypes,
  }: { readonly expected: Expected | undefined; readonly knownTypes: readonly string[] },
): Promise<readonly Finding[]> {
  const finding = (severity: Finding['severity'], detail: string, remedy: string): Finding => ({
    severity,
    resource: `subscription of ${name}`,
    detail,
    remedy,
  });
  const again = `deploy the stack of ${name} again`;
  const attributes = await readAttributes(sns, subscriptionArn);
  if (!attributes) return [finding('error', 'is gone: the consumer gets no events', again)];
  const { PendingConfirmation, RawMessageDelivery, FilterPolicy = '{}', RedrivePolicy } = attributes;
  const filter: unknown = JSON.parse(FilterPolicy);
  const types = typesOfFilter(filter);
  const unheard = types.filter((type) => !knownTypes.includes(type));
  return [
    PendingConfirmation === 'true' && finding('error', 'is not confirmed: nothing is delivered', again),
    RawMessageDelivery !== 'true' &&
      finding('error', 'does not deliver raw: its consumer takes every message for poison', again),
    RedrivePolicy === undefined &&
      finding('error', 'has no dead-letter queue: what SNS cannot deliver is lost', again),
    expected?.filterPolicy !== undefined &&
      !isDeepStrictEqual(filter, JSON.parse(expected.filterPolicy)) &&
      finding('error', `has another filter policy than is synthesized: ${FilterPolicy}`, again),
    types.length > 0 &&
      unheard.length === types.length &&
      finding(
        'error',
        `lets only ${types.join(', ')} through, which no contract knows: it matches nothing`,
        'compare the consumer with events/',
      ),
  ].filter((one) => one !== false);
}

async function readAttributes(
  sns: OpsClients['sns'],
  SubscriptionArn: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    return (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes;
  } catch (error) {
    // That it is gone is what one wants to know.
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}
