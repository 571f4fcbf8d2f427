import type { ConsumerDefinition } from '../contracts/define-consumer.ts';
import type { EventContract } from '../contracts/define-event.ts';
import type { Alternative, DataFilter } from '../contracts/where.ts';

/** A filter policy of SNS: all names have to match, one of the alternatives of each; `$or` has whole policies to choose from. */
export interface FilterPolicy {
  readonly [name: string]: readonly Alternative[] | readonly FilterPolicy[] | FilterPolicy;
}

/** What a subscription lets through. */
export interface SubscriptionFilter {
  /**
   * Attributes are free to look at; the body costs by the gigabyte that SNS reads of it, so it is looked at only when data
   * is asked for.
   *
   * @see https://aws.amazon.com/sns/pricing/
   */
  readonly filterPolicyScope: 'MessageAttributes' | 'MessageBody';
  readonly filterPolicy: FilterPolicy;
}

/**
 * Makes the filter of a consumer: every version of every event that it can take, and of those only what its `where` asks
 * for. `type`, `dataref` and `data` are names in the envelope, which is the body of the message.
 *
 * An event whose data is kept elsewhere passes whatever is asked, for SNS cannot look at it.
 */
export function subscriptionFilter({ listensTo, where }: ConsumerDefinition): SubscriptionFilter {
  const filtered = listensTo.filter(({ type }) => conditionsOf(where[type]).length > 0);
  if (filtered.length === 0) {
    return { filterPolicyScope: 'MessageAttributes', filterPolicy: { type: typesOf(listensTo) } };
  }
  const rest = listensTo.filter((contract) => !filtered.includes(contract));
  const policies = [
    ...filtered.flatMap((contract) => policiesOf(contract, where[contract.type])),
    ...(rest.length > 0 ? [{ type: typesOf(rest) }] : []),
  ];
  return { filterPolicyScope: 'MessageBody', filterPolicy: { $or: policies } };
}

/** The alternatives asked for at each path. */
export function conditionsOf(
  filter: DataFilter = {},
): readonly (readonly [string, readonly Alternative[]])[] {
  return Object.entries(filter).flatMap(([path, condition]) =>
    condition ? [[path, condition.anyOf] as const] : [],
  );
}

function policiesOf(contract: EventContract, filter: DataFilter | undefined): readonly FilterPolicy[] {
  const type = typesOf([contract]);
  const conditions = conditionsOf(filter);
  const missing = conditions.slice(0, 1).map(([path]) => [path, [{ exists: false }]] as const);
  return [
    { type, data: nest(conditions) },
    { type, dataref: [{ exists: true }], data: nest(missing) },
  ];
}

function typesOf(contracts: readonly EventContract[]): readonly string[] {
  return contracts.flatMap(({ versions }) => versions.map(({ versionedType }) => versionedType));
}

/** `address.country` becomes `country` within `address`. */
function nest(conditions: readonly (readonly [string, readonly Alternative[]])[]): FilterPolicy {
  const grouped = Map.groupBy(conditions, ([path]) => path.split('.', 1)[0] ?? path);
  return Object.fromEntries(
    [...grouped].map(([name, members]) => {
      const [[path, alternatives] = [name, []]] = members;
      const deeper = members.map(([longer, asked]) => [longer.slice(name.length + 1), asked] as const);
      return [name, path === name ? alternatives : nest(deeper)];
    }),
  );
}
