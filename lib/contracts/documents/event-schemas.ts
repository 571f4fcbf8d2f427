import type { JsonSchema } from '../compatibility/json-schema.ts';
import { publishedSchema } from '../compatibility/json-schema.ts';
import type { EventContract } from '../define-event.ts';
import type { EventVersion } from '../event-version.ts';
import { envelopeSchemas, type Place } from './cloud-event.ts';
import { linkPattern } from './link-pattern.ts';
import { relocate } from './relocate.ts';

/** A version of an event as the documents show it. */
export interface DocumentedVersion {
  readonly version: EventVersion;
  /** What happened, in one sentence. */
  readonly description: string;
}

/** Every version of every contract, each once, in the order of their names. */
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
 * The schemas of events, by the names that they have under `#/components/schemas`: for each version the whole event
 * (`shop.OrderPlaced.v1`) and its data (`shop.OrderPlaced.v1.data`), and what all events share (`CloudEvent`).
 *
 * @param place as events are sent to the API, in JSON Schema 2020-12, or as they lie on the topic, in draft 7, which AsyncAPI has
 */
export function eventSchemas(
  versions: readonly DocumentedVersion[],
  place: Place,
): Readonly<Record<string, object>> {
  return {
    ...envelopeSchemas(place),
    ...Object.fromEntries(
      versions.flatMap((documented) => {
        const { versionedType } = documented.version;
        const name = dataSchemaName(versionedType);
        const root = schemaReference(name).$ref;
        return [
          [versionedType, eventSchema(documented, place)],
          [name, relocate(dataSchema(documented), { root, place })],
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

/** Whether an event may have neither data nor a link: then its contract asks for no data. */
export function mayBeEmpty(version: EventVersion): boolean {
  return version.check(undefined).length === 0;
}

function eventSchema({ version, description }: DocumentedVersion, place: Place): object {
  const { versionedType } = version;
  const data = withData(version, place);
  const ways = [
    data,
    ...(version.links.length > 0 ? [withLink(version.links)] : []),
    ...(mayBeEmpty(version) ? [empty(place)] : []),
    ...(place === 'topic' ? [schemaReference('LargeData')] : []),
  ];
  const type = { type: 'object', properties: { type: { const: versionedType } } };
  return {
    description,
    allOf: [schemaReference('CloudEvent'), type, ways.length > 1 ? { anyOf: ways } : data],
  };
}

/** A link beside the data has to be one that the contract allows, too. */
function withData({ versionedType, links }: EventVersion, place: Place): object {
  const none = place === 'topic' ? { not: {} } : { type: 'null' };
  const allowed = { type: place === 'topic' ? 'string' : ['string', 'null'], pattern: linkPattern(links) };
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

/** @see {@link ../data-links.ts} for the rule in code */
function withLink(links: readonly string[]): object {
  return {
    type: 'object',
    description: `A link in the place of the data, that begins with ${links.join(' or ')}.`,
    properties: { dataref: { type: 'string', pattern: linkPattern(links) } },
    required: ['dataref'],
    ...WITHOUT_DATA,
  };
}

function empty(place: Place): object {
  if (place === 'topic') return { not: { anyOf: [{ required: ['data'] }, { required: ['dataref'] }] } };
  return { type: 'object', properties: { dataref: { type: 'null' } }, ...WITHOUT_DATA };
}
