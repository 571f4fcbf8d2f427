import SwaggerParser from '@apidevtools/swagger-parser';
import { Parser } from '@asyncapi/parser';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { asyncApiDocument, contractsOf } from '../../../lib/contracts/documents/async-api.ts';
import { openApiDocument } from '../../../lib/contracts/documents/open-api.ts';
import { email, inventory } from '../../apps/orders/consumers.ts';
import * as shop from '../../apps/orders/events/index.ts';

const Tree: z.ZodType = z.object({ name: z.string(), children: z.array(z.lazy(() => Tree)) });
const Grown = defineEvent({
  type: 'garden.TreeGrown',
  version: 2,
  description: 'A tree has grown.',
  data: z.object({ tree: Tree, height: z.number() }),
  earlier: [{ version: 1, data: z.object({ tree: Tree }), upcast: (data) => ({ ...data, height: 0 }) }],
  links: ['https://garden.example.com/harvests/'],
});
const gardener = defineConsumer({
  name: 'gardener',
  description: 'Cuts trees.',
  listensTo: [Grown],
  where: { 'garden.TreeGrown': { height: { anyOf: [{ numeric: ['>', 10] }] } } },
});
const contents = { events: [...Object.values(shop), Grown], consumers: [inventory, email, gardener] };
const info = { title: 'Shop', version: '1.0.0' };
// What travels is JSON.
const asJson = (document: object) => JSON.parse(JSON.stringify(document));

describe('the OpenAPI document', () => {
  const document = asJson(openApiDocument(info, contractsOf(contents)));

  it('is valid', async () => {
    await SwaggerParser.validate(structuredClone(document));
  });

  it('has every version of every event that may be published, in all three content modes', () => {
    const { content } = document.paths['/events'].post.requestBody;
    expect(Object.keys(content)).toEqual([
      'application/cloudevents+json',
      'application/cloudevents-batch+json',
      'application/json',
      'application/*+json',
      'text/json',
    ]);
    const references = content['application/cloudevents+json'].schema.oneOf;
    expect(references).toContainEqual({ $ref: '#/components/schemas/garden.TreeGrown.v1' });
    const names = references.map(({ $ref }: { $ref: string }) => $ref.split('/').at(-1));
    expect(names).toEqual([
      'garden.TreeGrown.v1',
      'garden.TreeGrown.v2',
      'shop.OrderPlaced.v1',
      'shop.StockReceived.v1',
    ]);
  });

  it('has nothing that only consumers emit, and a path for each type that may be published', () => {
    expect(JSON.stringify(document)).not.toContain(shop.InventoryReserved.type);
    expect(document.paths['/events/{type}'].parameters[0].schema.enum).toEqual([
      'garden.TreeGrown',
      'shop.OrderPlaced',
      'shop.StockReceived',
    ]);
  });

  it('demands data of an event that cannot be a link', () => {
    const { schemas } = document.components;
    expect(schemas['shop.OrderPlaced.v1'].allOf[2]).toMatchObject({ required: ['data'] });
    expect(schemas['garden.TreeGrown.v2'].allOf[2].anyOf).toMatchObject([
      { required: ['data'] },
      { required: ['dataref'], not: { required: ['data'] } },
    ]);
  });

  it('names the headers of binary mode, and which of them have to be there', () => {
    const { parameters, 'x-content-modes': modes } = document.paths['/events'].post;
    const names = parameters.map(({ name }: { name: string }) => name);
    expect(modes.binary.requiredHeaders).toEqual(['ce-specversion', 'ce-source', 'ce-type']);
    expect(names).toEqual(
      expect.arrayContaining([...modes.binary.requiredHeaders, 'ce-id', 'ce-partitionkey']),
    );
    expect(names).not.toContain('ce-datacontenttype');
  });

  it('needs a body unless an event may be without data', () => {
    const bodyOf = (contracts: Parameters<typeof openApiDocument>[1]) =>
      asJson(openApiDocument(info, contracts)).paths['/events'].post.requestBody;
    expect(bodyOf(Object.values(shop)).required).toBe(true);
    expect(bodyOf([Grown]).required).toBe(false);
  });

  it('says in words what no schema can', () => {
    const { description } = document.paths['/events'].post;
    for (const words of [
      '100 events',
      '4669440 bytes',
      '2,047 bytes',
      '262,144 bytes',
      '64 levels',
      'percent-encoded',
      'U+FFFD',
      'charset',
    ]) {
      expect(description).toContain(words);
    }
  });

  it('has references that lead within itself, also those of recursive data', async () => {
    const broken = asJson(document);
    delete broken.components.schemas['garden.TreeGrown.v2.data'].$defs;
    await expect(SwaggerParser.validate(broken)).rejects.toThrow();
  });
});

describe('the OpenAPI document of a FIFO bus', () => {
  const document = asJson(openApiDocument(info, contractsOf(contents), { fifo: true }));
  const operation = document.paths['/events'].post;

  it('requires a partitionkey in every content mode', () => {
    expect(document.components.schemas.CloudEvent.required).toContain('partitionkey');
    expect(document.components.schemas.CloudEvent.properties.partitionkey.type).toBe('string');
    expect(operation['x-content-modes'].binary.requiredHeaders).toContain('ce-partitionkey');
  });

  it('has examples with one, which its door would take', () => {
    const { content } = operation.requestBody;
    const structured = Object.values(content['application/cloudevents+json'].examples);
    const batched = Object.values(content['application/cloudevents-batch+json'].examples);
    const binary = Object.values(content['application/json'].examples);
    const key = { partitionkey: expect.any(String) };
    expect(structured).toEqual(
      structured.map(() => expect.objectContaining({ value: expect.objectContaining(key) })),
    );
    expect(batched).toEqual(
      batched.map(() =>
        expect.objectContaining({ value: [expect.objectContaining(key), expect.objectContaining(key)] }),
      ),
    );
    expect(binary).toEqual(
      binary.map(() =>
        expect.objectContaining({
          'x-headers': expect.objectContaining({ 'ce-partitionkey': expect.any(String) }),
        }),
      ),
    );
  });
});

describe('the answers of API Gateway', () => {
  const asked = { kind: 'jwt', issuer: 'https://login.example.com', audience: ['shop', 'office'] } as const;
  const withIam = asJson(openApiDocument(info, contractsOf(contents)));
  const withJwt = asJson(openApiDocument(info, contractsOf(contents), { authorization: asked }));
  const responsesOf = (document: typeof withIam) => document.paths['/events'].post.responses;

  it('are a 403 where callers sign, and a 401 that asks for a token where they bring one', async () => {
    await SwaggerParser.validate(structuredClone(withJwt));
    expect(Object.keys(responsesOf(withIam))).toContain('403');
    expect(Object.keys(responsesOf(withIam))).not.toContain('401');
    expect(responsesOf(withJwt)['401'].headers).toHaveProperty('WWW-Authenticate');
    expect(responsesOf(withIam)['403'].headers).toBeUndefined();
  });

  it('are of the scheme that the stage has, and of no other', () => {
    expect([withIam.security, Object.keys(withIam.components.securitySchemes)]).toEqual([
      [{ iam: [] }],
      ['iam'],
    ]);
    expect([withJwt.security, Object.keys(withJwt.components.securitySchemes)]).toEqual([
      [{ token: [] }],
      ['token'],
    ]);
    expect(withJwt.components.securitySchemes.token.description).toMatch(
      /login\.example\.com for shop or office/,
    );
  });

  it.each(['403', '413', '429', '500', '503'])(
    '%s can have a message in the place of a problem',
    (status) => {
      expect(responsesOf(withIam)[status].content['application/json']).toEqual({
        schema: { $ref: '#/components/schemas/GatewayMessage' },
      });
    },
  );

  it.each(['400', '415', '502'])('%s is never one of them', (status) => {
    expect(Object.keys(responsesOf(withIam)[status].content)).toEqual(['application/problem+json']);
  });
});

describe('the AsyncAPI document', () => {
  const document = asJson(asyncApiDocument(info, contents));

  it('is valid', async () => {
    const diagnostics = await new Parser().validate(structuredClone(document));
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
  });

  it('is found wrong by the parser when it is', async () => {
    const broken = structuredClone(document);
    broken.operations['inventory.receive'].messages = [{ $ref: '#/channels/events/messages/unheard.Of.v1' }];
    const diagnostics = await new Parser().validate(broken);
    expect(diagnostics.some(({ severity }) => severity === 0)).toBe(true);
  });

  it('says who takes what, and who emits it', () => {
    const typesOf = (operation: string): string[] =>
      document.operations[operation].messages.map(({ $ref }: { $ref: string }) => $ref.split('/').at(-1));
    expect(typesOf('inventory.receive')).toEqual(
      inventory.listensTo.map(({ versionedType }) => versionedType),
    );
    expect(typesOf('inventory.send')).toEqual(inventory.emits.map(({ versionedType }) => versionedType));
    expect(typesOf('gardener.receive')).toEqual(['garden.TreeGrown.v1', 'garden.TreeGrown.v2']);
    expect(document.operations['gardener.receive']['x-where']).toBeDefined();
    expect(document.operations['gardener.send']).toBeUndefined();
  });

  it('lets producers publish what is not internal, and no other event', () => {
    const published = document.operations.publish.messages.map(({ $ref }: { $ref: string }) => $ref);
    expect(published).toContain('#/channels/events/messages/garden.TreeGrown.v1');
    const internal = Object.values(shop).filter((one) => one.internal);
    expect(internal.length).toBeGreaterThan(1);
    for (const { versionedType } of internal) {
      expect(published).not.toContain(`#/channels/events/messages/${versionedType}`);
      expect(document.channels.events.messages).toHaveProperty([versionedType]);
    }
  });

  it('says how messages reach a queue, and what order the topic keeps', () => {
    expect(document.operations['gardener.receive'].bindings.sns.consumers).toMatchObject([
      { protocol: 'sqs', rawMessageDelivery: true },
    ]);
    const { events } = asJson(asyncApiDocument(info, { ...contents, fifo: true })).channels;
    expect([document.channels.events.description, events.description]).toEqual([
      expect.stringMatching(/^A standard topic/),
      expect.stringMatching(/^A FIFO topic/),
    ]);
  });
});
