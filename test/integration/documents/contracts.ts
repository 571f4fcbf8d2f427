import * as z from 'zod';
import type { JsonSchema } from '../../../lib/contracts/compatibility/json-schema.ts';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { defineEvent, type EventContract } from '../../../lib/contracts/define-event.ts';
import { asyncApiDocument, contractsOf } from '../../../lib/contracts/documents/async-api.ts';
import { openApiDocument } from '../../../lib/contracts/documents/open-api.ts';
import * as shop from '../../apps/orders/events/index.ts';

const Tree: z.ZodType = z.object({ name: z.string(), children: z.array(z.lazy(() => Tree)) });

/** In two versions, of data that holds itself, and with links. */
export const TreeGrown = defineEvent({
  type: 'garden.TreeGrown',
  version: 2,
  description: 'A tree has grown.',
  data: z.object({ tree: Tree, height: z.number() }),
  earlier: [{ version: 1, data: z.object({ tree: Tree }), upcast: (data) => ({ ...data, height: 0 }) }],
  links: ['https://garden.example.com/', 'https://trees.example.org:8443/trees/'],
});

/** It asks for nothing. */
export const Anything = defineEvent({
  type: 'test.Anything',
  version: 1,
  description: 'Anything, or nothing.',
  data: z.unknown(),
});

/** Of every kind of schema that documents show. */
export const Measured = defineEvent({
  type: 'test.Measured',
  version: 1,
  description: 'Something was measured.',
  data: z.object({
    by: z.email(),
    at: z.iso.datetime(),
    on: z.iso.date().optional(),
    until: z.iso.time().optional(),
    number: z.uuid(),
    page: z.url().optional(),
    took: z.iso.duration().optional(),
    pair: z.tuple([z.string().min(2).max(3), z.int().min(-5)]),
    counts: z.record(z.string().regex(/^[a-z]+$/), z.int()),
    kind: z.discriminatedUnion('shape', [
      z.object({ shape: z.literal('circle'), radius: z.number().positive() }),
      z.strictObject({ shape: z.literal('square'), side: z.number().max(10).nullable() }),
    ]),
    flags: z.array(z.enum(['a', 'b'])).max(3),
    either: z.union([z.string(), z.boolean()]).optional(),
    level: z.int().default(3),
    price: z.number().min(0).max(100).multipleOf(0.01).optional(),
    address: z.ipv6().optional(),
  }),
});

/** What producers may publish. */
export const contracts: readonly EventContract[] = [
  ...Object.values(shop).filter(({ internal }) => !internal),
  TreeGrown,
  Anything,
  Measured,
];

export const everybody = defineConsumer({
  name: 'everybody',
  description: 'Takes everything.',
  listensTo: [TreeGrown, Anything, Measured],
});

export const info = { title: 'Test', version: '1.0.0' };
export const contents = { events: contracts, consumers: [everybody] };

/** The document of the publish API, as it is read from its file. */
export const openApi: OpenApi = asJson(openApiDocument(info, contractsOf(contents)));
/** The document of the bus, as it is read from its file. */
export const asyncApi: AsyncApi = asJson(asyncApiDocument(info, contents));

/** What the tests read of an OpenAPI document. */
export interface OpenApi {
  readonly paths: {
    readonly '/events': { readonly post: Operation };
    readonly '/events/{type}': {
      readonly parameters: readonly { readonly schema: JsonSchema; readonly example: string }[];
      readonly post: Operation;
    };
  };
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

export interface Operation {
  readonly description: string;
  readonly parameters: readonly { readonly name: string; readonly schema: JsonSchema }[];
  readonly requestBody: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, { readonly schema: JsonSchema; readonly examples?: Examples }>>;
  };
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, object>> }>>;
  readonly 'x-content-modes': {
    readonly structured: { readonly contentType: JsonSchema };
    readonly batched: { readonly contentType: JsonSchema };
    readonly binary: {
      readonly contentType: JsonSchema;
      readonly requiredHeaders: readonly string[];
      readonly otherHeaders: { readonly name: JsonSchema; readonly schema: JsonSchema };
    };
  };
}

export type Examples = Readonly<
  Record<string, { readonly value: unknown; readonly 'x-headers'?: Readonly<Record<string, string>> }>
>;

/** What the tests read of an AsyncAPI document. */
export interface AsyncApi {
  readonly components: {
    readonly messages: Readonly<
      Record<string, { readonly payload: JsonSchema; readonly headers: JsonSchema }>
    >;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
  };
}

function asJson(document: object) {
  return JSON.parse(JSON.stringify(document));
}
