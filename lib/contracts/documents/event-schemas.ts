import type { JsonSchema } from '../compatibility/json-schema.ts';
import { publishedSchema } from '../compatibility/json-schema.ts';
import type { EventContract } from '../define-event.ts';
import type { EventVersion } from '../event-version.ts';

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
 */
export function eventSchemas(versions: readonly DocumentedVersion[]): Readonly<Record<string, object>> {
  return {
    CloudEvent: CLOUD_EVENT,
    ...Object.fromEntries(
      versions.flatMap(({ version, description }) => {
        const { versionedType, links } = version;
        const { $schema: _, title: _title, ...data } = publishedSchema(version, description);
        const name = dataSchemaName(versionedType);
        return [
          [versionedType, eventSchema(versionedType, { description, linked: links.length > 0 })],
          [name, relocate(data, `#/components/schemas/${name}`)],
        ];
      }),
    ),
  };
}

export function dataSchemaName(versionedType: string): string {
  return `${versionedType}.data`;
}

export function schemaReference(name: string): { readonly $ref: string } {
  return { $ref: `#/components/schemas/${name}` };
}

function eventSchema(
  versionedType: string,
  { description, linked }: { readonly description: string; readonly linked: boolean },
): object {
  return {
    description,
    allOf: [
      schemaReference('CloudEvent'),
      {
        type: 'object',
        properties: {
          type: { const: versionedType },
          data: schemaReference(dataSchemaName(versionedType)),
        },
        required: linked ? [] : ['data'],
      },
    ],
  };
}

/** References within a schema lead to its own root, which lies deeper in a document. */
function relocate(schema: JsonSchema, root: string): object {
  const move = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(move);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name,
        name === '$ref' && typeof inner === 'string' ? inner.replace(/^#/, root) : move(inner),
      ]),
    );
  };
  return Object(move(schema));
}

const text = (description: string, rest: object = {}): object => ({
  type: 'string',
  minLength: 1,
  description,
  ...rest,
});

/** @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/cloudevents.json */
const CLOUD_EVENT = {
  type: 'object',
  description: 'A CloudEvents 1.0 event in the JSON format. Any other extension attribute may be there too.',
  properties: {
    specversion: { const: '1.0' },
    id: text(
      'With the source, identifies the event: the same again takes effect once. Made up when it is absent.',
    ),
    source: text('What the event comes from.', { format: 'uri-reference', examples: ['/shop/checkout'] }),
    type: text('Name and version of the fact.'),
    subject: text('What it is about.'),
    time: text('When it happened. Now, when it is absent.', { format: 'date-time' }),
    datacontenttype: text('The data is JSON.', { examples: ['application/json'] }),
    dataref: text('Link to the data, for events whose contract allows links.', { format: 'uri-reference' }),
    partitionkey: text('Ordering and fairness: the MessageGroupId of SNS and SQS.', { maxLength: 128 }),
    correlationid: text('The story that the event belongs to. Its own id, when it is absent.'),
    causationid: text('The id of the event that caused it.'),
    traceparent: text('W3C trace context.'),
  },
  required: ['specversion', 'source', 'type'],
} as const;
