import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer } from '../deployment.ts';
import { attempt, type Problem } from '../problem.ts';
import { readFilter } from '../read-filter.ts';

/** Versioned event types that the subscription of each consumer accepts, by the label of the consumer; empty when it does not filter by type. */
export type SubscribedTypes = ReadonlyMap<string, ReadonlySet<string>>;

export interface SubscribedTypesReading {
  readonly subscribedTypes: SubscribedTypes;
  /** Subscriptions that could not be read. */
  readonly problems: readonly Problem[];
}

/**
 * Reads which types the subscription of each consumer accepts: one request each. A consumer whose subscription cannot be read is left out. Then a
 * trace shows only what the consumer has recorded.
 */
export async function readSubscribedTypes(
  { sns }: Pick<OpsClients, 'sns'>,
  consumers: readonly Pick<DeployedConsumer, 'label' | 'subscriptionArn'>[],
): Promise<SubscribedTypesReading> {
  const readings = await Promise.all(
    consumers.map(async (consumer) => {
      const { label, subscriptionArn } = consumer;
      const subscription = { resource: 'subscription', name: subscriptionArn };
      return { label, ...(await attempt(subscription, readFilter({ sns }, consumer))) };
    }),
  );
  return {
    subscribedTypes: new Map(
      readings.flatMap(({ label, value }) => (value ? [[label, new Set(value.types)]] : [])),
    ),
    problems: readings.flatMap(({ problems }) => problems),
  };
}
