import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import type { EventContract } from '../../contracts/define-event.ts';
import { lackOfData } from '../../contracts/filter-policy/lack-of-data.ts';
import type { DataFilter } from '../../contracts/where.ts';
import { conditionsOf, versionFilters } from './filter-policy.ts';

/** Warns of data that the contract allows and that SNS would filter differently from the consumer's `where`. */
export function warnOfFilters(consumer: Construct, { listensTo, where }: ConsumerDefinition): void {
  for (const contract of listensTo) {
    for (const [id, text] of filterWarnings(contract, where[contract.type])) {
      Annotations.of(consumer).addWarningV2(`fanfare:${id}`, text);
    }
  }
}

/** The warnings about a filter, each with its id. */
export function filterWarnings(
  contract: EventContract,
  filter: DataFilter | undefined,
): readonly (readonly [string, string])[] {
  const paths = conditionsOf(filter).map(([path]) => path);
  return versionFilters(contract, filter).flatMap(({ version: { versionedType, schema }, conditions }) => [
    ...conditions.flatMap(({ path, warnings }) =>
      warnings.length === 0
        ? []
        : [
            [
              `filter:${versionedType}:${path}`,
              `its where asks for '${path}', but ${warnings.join('; and ')}`,
            ] as const,
          ],
    ),
    ...(conditions.some(({ alternatives }) => alternatives) && mayPassByLink(contract, schema, paths)
      ? [
          [
            `filterByLink:${versionedType}`,
            `no value has to be in the data of ${versionedType}, so SNS cannot tell data without ${paths.join(', ')} from no data: an event that has such data and a link (dataref) passes whatever its where says. Make a field required in a new version, or let the handler look for itself, and acknowledge this`,
          ] as const,
        ]
      : []),
  ]);
}

/** Only a contract with links lets others than the bus put a link beside data. */
function mayPassByLink(
  { links }: EventContract,
  schema: EventContract['schema'],
  paths: readonly string[],
): boolean {
  return links.length > 0 && !lackOfData(schema, paths).isCertain;
}
