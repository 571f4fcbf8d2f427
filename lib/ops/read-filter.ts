import { GetSubscriptionAttributesCommand } from '@aws-sdk/client-sns';
import type { OpsClients } from './clients.ts';
import type { DeployedConsumer } from './deployment.ts';
import { typesOfFilter } from './filter-types.ts';

/** The filter of a consumer's subscription. */
export interface Filter {
  /** Versioned event types that it accepts; empty when it does not filter by type. */
  readonly types: readonly string[];
  /** As JSON. */
  readonly filterPolicy: string;
}

/** Reads the filter of a consumer's subscription: one request. @throws the error of SNS */
export async function readFilter(
  { sns }: Pick<OpsClients, 'sns'>,
  { subscriptionArn: SubscriptionArn }: Pick<DeployedConsumer, 'subscriptionArn'>,
): Promise<Filter> {
  const { Attributes = {} } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }));
  // Without a filter policy, SNS may return an empty string.
  const filterPolicy = Attributes.FilterPolicy || '{}';
  return { types: typesOfFilter(JSON.parse(filterPolicy)), filterPolicy };
}
