import SwaggerParser from '@apidevtools/swagger-parser';
import { Parser } from '@asyncapi/parser';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import * as shop from '../../../events/index.ts';
import { email } from '../../../lambdas/email/consumer.ts';
import { inventory } from '../../../lambdas/inventory/consumer.ts';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { asyncApiDocument, contractsOf } from '../../../lib/contracts/documents/async-api.ts';
import { openApiDocument } from '../../../lib/contracts/documents/open-api.ts';

const Tree: z.ZodType = z.object({ name: z.string(), children: z.array(z.lazy(() => Tree)) });
const Grown = defineEvent({
  type: 'garden.TreeGrown',
  version: 2,
  description: 'A tree has grown.',
  data: z.object({ tree: Tree, height: z.number() }),
  earlier: [{ version: 1, data: z.object({ tree: Tree }), upcast: (data) => ({ ...data, height: 0 }) }],
  links: ['https://garden.example.com'],
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

  it('has every version of every event, in all three content modes', () => {
    const { content } = document.paths['/events'].post.requestBody;
    expect(Object.keys(content)).toEqual([
      'application/cloudevents+json',
      'application/cloudevents-batch+json',
      'application/json',
    ]);
    const references = content['application/cloudevents+json'].schema.oneOf;
    expect(references).toContainEqual({ $ref: '#/components/schemas/garden.TreeGrown.v1' });
    expect(references).toHaveLength(Object.keys(shop).length + 2);
  });

  it('demands data of an event that cannot be a link', () => {
    const { schemas } = document.components;
    expect(schemas['shop.OrderPlaced.v1'].allOf[1].required).toEqual(['data']);
    expect(schemas['garden.TreeGrown.v2'].allOf[1].required).toEqual([]);
  });

  it('has references that lead within itself, also those of recursive data', async () => {
    const broken = asJson(document);
    delete broken.components.schemas['garden.TreeGrown.v2.data'].$defs;
    await expect(SwaggerParser.validate(broken)).rejects.toThrow();
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
});
