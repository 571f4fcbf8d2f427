import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { publishedSchemas, type Schemas } from '../../../lib/contracts/compatibility/check-contracts.ts';
import { describeConsumers, readConsumers } from '../../../lib/contracts/consumers/app-consumers.ts';
import { checkConsumers } from '../../../lib/contracts/consumers/check-consumers.ts';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { defineEvent, type EventContract } from '../../../lib/contracts/define-event.ts';
import { greaterThan, oneOf } from '../../../lib/contracts/where.ts';

const order = (data: z.ZodType, version = 1): EventContract =>
  defineEvent({ type: 'shop.OrderPlaced', version, description: 'An order.', data });
const address = z.object({ country: z.string(), city: z.string() });
const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 1,
  description: 'An order.',
  data: z.object({ totalMinor: z.int(), address, note: z.string().optional() }),
});
const MemberLeft = defineEvent({
  type: 'club.MemberLeft',
  version: 1,
  description: 'From elsewhere.',
  data: z.object({}),
});
const desk = defineConsumer({
  name: 'desk',
  description: 'Calls customers.',
  listensTo: [OrderPlaced, MemberLeft],
  where: { 'shop.OrderPlaced': { totalMinor: greaterThan(9), 'address.country': oneOf('DE') } },
});
const audit = defineConsumer({
  name: 'audit',
  description: 'Knows one field.',
  listensTo: [
    defineEvent({
      type: 'shop.OrderPlaced',
      version: 1,
      description: 'An order.',
      data: z.object({ totalMinor: z.int() }),
    }),
  ],
});

// As it is in a file.
const apps = [readConsumers(JSON.parse(JSON.stringify(describeConsumers('office', [desk, audit]))))];
const check = (contracts: readonly EventContract[], files: Schemas = publishedSchemas([OrderPlaced])) =>
  checkConsumers(apps, contracts, { files, bases: [] });

it('describes what consumers take, whatever the order of their definitions', () => {
  expect(describeConsumers('office', [audit, desk])).toEqual(describeConsumers('office', [desk, audit]));
  expect(apps[0]?.consumers).toMatchObject([
    { name: 'audit', takes: [{ type: 'shop.OrderPlaced', versions: [1], where: [] }] },
    {
      name: 'desk',
      takes: [
        { type: 'club.MemberLeft', where: [] },
        { type: 'shop.OrderPlaced', where: ['address.country', 'totalMinor'] },
      ],
    },
  ]);
});

describe('a consumer', () => {
  it('is left alone when nothing has changed, or what changes breaks nobody', () => {
    expect(check([OrderPlaced])).toEqual([]);
    const wider = z.object({
      totalMinor: z.int(),
      address,
      note: z.string().optional(),
      tip: z.int().optional(),
    });
    expect(check([order(wider)])).toEqual([]);
  });

  it('breaks by a change within an object that its filter looks into', () => {
    const data = z.object({
      totalMinor: z.int(),
      address: z.object({ country: z.string().optional(), city: z.string() }),
      note: z.string().optional(),
    });
    expect(check([order(data)])).toEqual([
      {
        app: 'office',
        consumer: 'desk',
        type: 'shop.OrderPlaced.v1',
        breaks: true,
        pointer: '/properties/address/properties/country',
        detail: "the field was required and is optional; the consumer's filter names address.country",
      },
    ]);
  });

  it('that knows fewer fields breaks only by these', () => {
    const found = check([order(z.object({ totalMinor: z.int(), address }))]);
    expect(found).toMatchObject([
      { consumer: 'desk', pointer: '/properties/note', detail: 'the field is gone' },
    ]);
  });

  it('breaks when a version is dropped that it takes, but not once more when it is retired', () => {
    const files = publishedSchemas([OrderPlaced]);
    const dropped = 'no contract has the version any more, and the consumer takes it';
    expect(check([], files)).toMatchObject([
      { consumer: 'audit', breaks: true, detail: dropped },
      { consumer: 'desk', breaks: true, detail: dropped },
    ]);
    const retired = new Map(
      [...files].map(([type, schema]) => [type, { ...schema, 'x-retired': true as const }]),
    );
    expect(check([], retired)).toMatchObject([{ breaks: false }, { breaks: false }]);
  });

  it('has notes on a version that it does not take, and on one that was never published here', () => {
    const findings = check([order(z.object({}), 2)], new Map());
    expect(findings.map(({ consumer, type, breaks, detail }) => [consumer, type, breaks, detail])).toEqual([
      ['audit', 'shop.OrderPlaced.v1', false, 'the version was never published here'],
      ['audit', 'shop.OrderPlaced.v2', false, 'the consumer does not take this version'],
      ['desk', 'shop.OrderPlaced.v1', false, 'the version was never published here'],
      ['desk', 'shop.OrderPlaced.v2', false, 'the consumer does not take this version'],
    ]);
  });
});

it('a file of another form is refused with its place', () => {
  expect(() => readConsumers({ ...apps[0], fanfareConsumers: 2 })).toThrow('/fanfareConsumers');
  expect(() => readConsumers([])).toThrow("is not what 'fanfare contracts consumers' writes");
});
