import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import type { EventContract } from '../../contracts/define-event.ts';
import { LARGE_DATA_SCHEME } from '../../contracts/envelope/large-data.ts';
import { type CompiledCondition, compileCondition } from '../../contracts/filter-policy/compile-condition.ts';
import { lackOfData } from '../../contracts/filter-policy/lack-of-data.ts';
import type { FilterPolicy } from '../../contracts/filter-policy/policy.ts';
import { valueAtPath } from '../../contracts/filter-policy/value-at-path.ts';
import type { EventVersion } from '../../contracts/versions/event-version.ts';
import type { Alternative, DataFilter } from '../../contracts/where.ts';

/** The filter of a subscription. */
export interface SubscriptionFilter {
  /**
   * SNS filters attributes for nothing; it charges the body by the gigabyte that it reads, so the body is filtered only when a condition is
   * about data.
   *
   * @see https://aws.amazon.com/sns/pricing/
   */
  readonly filterPolicyScope: 'MessageAttributes' | 'MessageBody';
  readonly filterPolicy: FilterPolicy;
}

/** The alternatives of one path. */
type Asked = readonly [string, readonly Alternative[]];

/**
 * Makes the filter of a consumer: every version of every event that it can take, and of those only what its `where` asks
 * for. `type`, `dataref` and `data` are names in the envelope, which is the body of the message.
 *
 * An event whose data is stored elsewhere always passes, because SNS cannot filter by it.
 */
export function subscriptionFilter({ listensTo, where }: ConsumerDefinition): SubscriptionFilter {
  const filtered = listensTo.filter(({ type }) => conditionsOf(where[type]).length > 0);
  const policies = filtered.flatMap((contract) => policiesOf(contract, where[contract.type]));
  // Without a condition, or with none that could fail, the body is not filtered.
  const [data, plain] = [policies.filter((one) => 'data' in one), policies.filter((one) => !('data' in one))];
  const types = [
    ...plain.flatMap(({ type }) => type),
    ...typesOf(
      listensTo.filter((contract) => !filtered.includes(contract)).flatMap(({ versions }) => versions),
    ),
  ];
  if (data.length === 0) return { filterPolicyScope: 'MessageAttributes', filterPolicy: { type: types } };
  const rest = types.length > 0 ? [{ type: types }] : [];
  return { filterPolicyScope: 'MessageBody', filterPolicy: { $or: [...data, ...rest] } };
}

/** The alternatives asked for at each path. */
export function conditionsOf(filter: DataFilter = {}): readonly Asked[] {
  return Object.entries(filter).flatMap(([path, condition]) =>
    // A value that is no condition is a finding of the validation.
    Array.isArray(condition?.anyOf) ? [[path, condition.anyOf] as const] : [],
  );
}

/** The filter of one version. */
export interface VersionFilter {
  readonly version: EventVersion;
  readonly conditions: readonly (CompiledCondition & { readonly path: string })[];
}

/** The conditions on each version of an event. */
export function versionFilters(
  { versions }: Pick<EventContract, 'versions'>,
  filter: DataFilter | undefined,
): readonly VersionFilter[] {
  return versions.map((version) => ({
    version,
    conditions: conditionsOf(filter).map(([path, anyOf]) => ({
      path,
      ...compileCondition(anyOf, valueAtPath(version.schema, path), version.versionedType),
    })),
  }));
}

type VersionPolicy = FilterPolicy & { readonly type: readonly string[] };

function policiesOf(contract: EventContract, filter: DataFilter | undefined): readonly VersionPolicy[] {
  const branches = versionFilters(contract, filter).flatMap(({ version, conditions }) => {
    const asked = conditions.flatMap(({ path, alternatives }) =>
      alternatives ? [[path, alternatives] as const] : [],
    );
    if (asked.length === 0) return [{ version, rest: {} }];
    const paths = asked.map(([path]) => path);
    const lack = lackOfData(version.schema, paths);
    const missing = lack.paths.map((path) => [path, [MISSING]] as const);
    // Without links of its own, only the bus may put a link in the place of data.
    const link =
      lack.isCertain || contract.links.length > 0 ? { exists: true } : { prefix: LARGE_DATA_SCHEME };
    return [
      { version, rest: { data: nest(asked) } },
      { version, rest: { dataref: [link], data: nest(missing) } },
    ];
  });
  // Versions with the same conditions share a policy: SNS limits the number of combinations.
  const grouped = Map.groupBy(branches, ({ rest }) => JSON.stringify(rest));
  return [...grouped.values()].flatMap((members) =>
    members
      .slice(0, 1)
      .map(({ rest }) => ({ type: typesOf(members.map(({ version }) => version)), ...rest })),
  );
}

const MISSING = { exists: false } as const;

function typesOf(versions: readonly EventVersion[]): readonly string[] {
  return versions.map(({ versionedType }) => versionedType);
}

/** `address.country` becomes `country` within `address`. */
function nest(conditions: readonly Asked[]): FilterPolicy {
  const grouped = Map.groupBy(conditions, ([path]) => path.split('.', 1)[0] ?? path);
  return Object.fromEntries(
    [...grouped].map(([name, members]) => {
      const [[path, alternatives] = [name, []]] = members;
      const deeper = members.map(([longer, asked]) => [longer.slice(name.length + 1), asked] as const);
      return [name, path === name ? alternatives : nest(deeper)];
    }),
  );
}
