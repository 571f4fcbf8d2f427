import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { checkContracts, publishedSchemas } from '../../../lib/contracts/compatibility/check-contracts.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { asyncApiDocument } from '../../../lib/contracts/documents/async-api.ts';
import { BUS_ATTRIBUTES, checkNewEnvelope } from '../../../lib/contracts/envelope/envelope.ts';
import { type Personal, subjectIn } from '../../../lib/contracts/personal/personal.ts';

const define = (data: z.ZodType, subject: string) =>
  defineEvent({ type: 'shop.OrderPlaced', version: 1, description: 'A.', data, personal: { subject } });

const order = z.object({
  customerId: z.string(),
  number: z.int().nullable().optional(),
  buyer: z.union([
    z.object({ kind: z.literal('person'), 'a/b': z.string() }),
    z.object({ kind: z.literal('guest') }),
  ]),
  gift: z.boolean(),
  lines: z.array(z.object({ sku: z.string() })),
});

describe('the pointer to the person of an event', () => {
  it.each([
    ['of a text', '/customerId'],
    ['of a number that may be missing', '/number'],
    ['within one of several kinds of data, with an escape', '/buyer/a~1b'],
  ])('%s is taken', (_what, subject) => {
    expect(define(order, subject).personal).toEqual({ subject });
  });

  it.each([
    ['that the data does not have', '/customer', /which its data does not have/],
    ['without a slash', 'customerId', /which is no JSON pointer/],
    ['of the data as a whole', '', /which is no JSON pointer/],
    ['of an object', '/buyer', /is no text or number there, but object/],
    ['of a truth value', '/gift', /is no text or number there, but boolean/],
    ['into a list', '/lines/0/sku', /which its data does not have/],
  ])('%s is refused, with what to write', (_what, subject, reason) => {
    expect(() => define(order, subject)).toThrow(reason);
    expect(() => define(order, subject)).toThrow(/^shop\.OrderPlaced\.v1 names its person at/);
  });

  const versions = (earlier?: Personal) =>
    defineEvent({
      type: 'shop.OrderPlaced',
      version: 2,
      description: 'A.',
      data: z.object({ customerId: z.string() }),
      personal: { subject: '/customerId' },
      earlier: [
        {
          version: 1,
          data: z.object({ customer: z.object({ id: z.string() }) }),
          upcast: ({ customer }) => ({ customerId: customer.id }),
          ...(earlier && { personal: earlier }),
        },
      ],
    });

  it('is checked in every version, and an earlier one may have its own', () => {
    expect(() => versions()).toThrow("shop.OrderPlaced.v1 names its person at '/customerId'");
    expect(versions({ subject: '/customer/id' }).versions.map(({ personal }) => personal?.subject)).toEqual([
      '/customer/id',
      '/customerId',
    ]);
  });

  it('is in the published schema and in the AsyncAPI document, and setting it breaks nobody', () => {
    const data = z.object({ customerId: z.string() });
    const without = defineEvent({ type: 'shop.OrderPlaced', version: 1, description: 'A.', data });
    const named = define(data, '/customerId');
    const files = publishedSchemas([without]);
    expect(publishedSchemas([named]).get('shop.OrderPlaced.v1')).toMatchObject({
      'x-personal-subject': '/customerId',
    });
    const bases = [{ name: 'base', schemas: files }];
    expect(checkContracts([named], { files, bases }).map(({ status }) => status)).toEqual(['compatible']);
    const removed = checkContracts([without], { files: publishedSchemas([named]), bases: [] });
    expect(removed.map(({ status }) => status)).toEqual(['compatible']);
    const info = { title: 'Shop', version: '1' };
    expect(JSON.stringify(asyncApiDocument(info, { events: [named], consumers: [] }))).toContain(
      '"x-personal-subject":"/customerId"',
    );
  });
});

it.each([
  [{ customerId: 'ada' }, 'ada'],
  [{ customerId: 17 }, '17'],
  [{ customerId: null }, undefined],
  [{}, undefined],
  [undefined, undefined],
  [['ada'], undefined],
])('data %j names %s', (data, name) => {
  expect(subjectIn(data, { subject: '/customerId' })).toBe(name);
});

it('nobody can publish an event that says it was erased', () => {
  expect(BUS_ATTRIBUTES).toContain('erased');
  const event = { specversion: '1.0', id: '1', source: '/a', type: 'shop.OrderPlaced.v1', data: {} };
  expect(checkNewEnvelope(event, 0).problems).toBeUndefined();
  expect(checkNewEnvelope({ ...event, erased: '2026-11-27T06:00:00Z' }, 0).problems).toEqual([
    { pointer: '/erased', detail: 'is set only by the bus; leave it out' },
  ]);
});
