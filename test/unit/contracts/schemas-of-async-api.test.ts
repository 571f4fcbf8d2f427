import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { publishedSchema } from '../../../lib/contracts/compatibility/json-schema.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { asyncApiDocument } from '../../../lib/contracts/documents/async-api.ts';
import { schemasOfAsyncApi } from '../../../lib/contracts/documents/schemas-of-async-api.ts';
import { findHidden } from '../../../lib/contracts/visibility/find-hidden.ts';
import { fields } from './compatibility/shapes.ts';
import { zodOf } from './compatibility/zod-of.ts';

function roundTrip(data: z.ZodType): void {
  const event = defineEvent({
    type: 'shop.OrderPlaced',
    version: 3,
    description: 'An order.',
    data,
    links: ['https://orders.example.com/'],
  });
  const document = asyncApiDocument({ title: 'shop', version: '1' }, { events: [event], consumers: [] });
  const { $schema: _, ...published } = JSON.parse(JSON.stringify(publishedSchema(event, 'An order.')));
  expect(schemasOfAsyncApi(JSON.parse(JSON.stringify(document)))).toEqual([published]);
}

const money = z.object({ minor: z.int() }).meta({ id: 'Money' });

it.each([
  ['formats that validators read more strictly', z.object({ a: z.email(), b: z.iso.duration(), c: z.url() })],
  ['steps with decimals', z.object({ a: z.number().multipleOf(0.01) })],
  ['tuples', z.object({ a: z.tuple([z.string(), z.int().optional()], z.int()), b: z.tuple([z.int()]) })],
  [
    'references with words beside them',
    z.object({ a: money.describe('A price.'), b: money, c: z.array(money) }),
  ],
  [
    'fields that have the names of keywords',
    z.object({ items: z.string(), allOf: z.int(), 'x-format': z.int() }),
  ],
  ['values that look like keywords', z.object({ a: z.unknown().default({ 'x-format': 1, items: [1] }) })],
])('the schemas of asyncapi.json are those of the contracts, with %s', (_, data) => roundTrip(data));

it('whatever the shape', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fields, (shapes) => {
      const data = zodOf(shapes);
      fc.pre(findHidden(data).length === 0);
      roundTrip(data);
    }),
    { numRuns: 300, seed: 20_261 },
  );
});

it('a document without events has none', () => {
  expect(schemasOfAsyncApi({ asyncapi: '3.0.0' })).toEqual([]);
  expect(schemasOfAsyncApi({ components: { schemas: { CloudEvent: {} } } })).toEqual([]);
});
