import type { JsonSchema } from '../compatibility/json-schema.ts';
import { publishedSchema } from '../compatibility/json-schema.ts';
import type { EventContract } from '../define-event.ts';
import type { EventVersion } from '../versions/event-version.ts';
import { envelopeSchemas, type Target } from './cloud-event.ts';
import { linkPattern } from './link-pattern.ts';
import { relocate } from './relocate.ts';

/** A version of an event with its description, for the documents. */
export interface DocumentedVersion {
  readonly version: EventVersion;
  /** What happened, in one sentence. */
  readonly description: string;
}

/** Every version of every contract, each once, sorted by name. */
export function documentedVersions(contracts: Iterable<EventContract>): readonly DocumentedVersion[] {
  const all = new Map<string, DocumentedVersion>();
  for (const { description, versions } of contracts) {
    for (const version of versions) all.set(version.versionedType, { version, description });
  }
  return [...all.values()].toSorted((a, b) =>
    a.version.versionedType.localeCompare(b.version.versionedType, 'en', { numeric: true }),
  );
}

/**
 * The schemas of events, by name under `#/components/schemas`: for each version the whole event (`shop.OrderPlaced.v1`) and its data
 * (`shop.OrderPlaced.v1.data`), and the schemas that all events share (`CloudEvent`).
 *
 * @param target `request`: events as they are sent to the API, in JSON Schema 2020-12. `topic`: events as they are on the topic, in draft
 * 7, which AsyncAPI uses
 * @param fifo whether each event needs a partitionkey
 */
export function eventSchemas(
  versions: readonly DocumentedVersion[],
  target: Target,
  fifo: boolean,
): Readonly<Record<string, object>> {
  return {
    ...envelopeSchemas(target, fifo),
    ...Object.fromEntries(
      versions.flatMap((documented) => {
        const { versionedType } = documented.version;
        const name = dataSchemaName(versionedType);
        const root = schemaReference(name).$ref;
        return [
          [versionedType, eventSchema(documented, target)],
          [name, relocate(dataSchema(documented), { root, target })],
        ];
      }),
    ),
  };
}

/** The schema of the data alone. */
export function dataSchema({ version, description }: DocumentedVersion): JsonSchema {
  const { $schema: _, title: _title, ...data } = publishedSchema(version, description);
  return data;
}

export function dataSchemaName(versionedType: string): string {
  return `${versionedType}.data`;
}

export function schemaReference(name: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

/** Whether an event may have neither data nor a link, because its contract does not require data. */
export function mayBeEmpty(version: EventVersion): boolean {
  return version.check(undefined).length === 0;
}

function eventSchema({ version, description }: DocumentedVersion, target: Target): object {
  const { versionedType } = version;
  const data = withData(version, target);
  const alternatives = [
    data,
    ...(version.links.length > 0 ? [withLink(version.links)] : []),
    ...(mayBeEmpty(version) ? [empty(target)] : []),
    ...(target === 'topic' ? [schemaReference('LargeData')] : []),
  ];
  const type = { type: 'object', properties: { type: { const: versionedType } } };
  return {
    description,
    allOf: [schemaReference('CloudEvent'), type, alternatives.length > 1 ? { anyOf: alternatives } : data],
  };
}

/** An event with data. If it has a link too, the contract must allow the link. */
function withData({ versionedType, links }: EventVersion, target: Target): object {
  const none = target === 'topic' ? { not: {} } : { type: 'null' };
  const allowed = { type: target === 'topic' ? 'string' : ['string', 'null'], pattern: linkPattern(links) };
  return {
    type: 'object',
    properties: {
      data: schemaReference(dataSchemaName(versionedType)),
      dataref: links.length > 0 ? allowed : none,
    },
    required: ['data'],
  };
}

const WITHOUT_DATA = { not: { required: ['data'] } };

/** An event with a link. See `data-links.ts` for the same rule in code. */
function withLink(links: readonly string[]): object {
  return {
    type: 'object',
    description: `A link instead of the data. It begins with ${links.join(' or ')}.`,
    properties: { dataref: { type: 'string', pattern: linkPattern(links) } },
    required: ['dataref'],
    ...WITHOUT_DATA,
  };
}

function empty(target: Target): object {
  if (target === 'topic') return { not: { anyOf: [{ required: ['data'] }, { required: ['dataref'] }] } };
  return { type: 'object', properties: { dataref: { type: 'null' } }, ...WITHOUT_DATA };
}
