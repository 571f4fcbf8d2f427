import { describe, expect, it } from 'vitest';
import type { EventParties } from '../../../lib/ops/who/parties.ts';
import { partiesNamed } from '../../../lib/ops/who/read-parties.ts';
import { takeOf, typesNamed } from '../../../lib/ops/who/take.ts';

const V1 = 'shop.OrderPlaced.v1';
const V2 = 'shop.OrderPlaced.v2';
const take = (policy: unknown) => takeOf('shop.OrderPlaced', policy);

describe('what a filter takes of an event', () => {
  it.each([
    ['nothing when it names only others', { type: ['shop.Paid.v1'] }, undefined],
    ['nothing of a type that only begins the same', { type: ['shop.OrderPlacedLate.v1'] }, undefined],
    ['all versions without a filter', {}, { versions: [], filters: [] }],
    ['the versions that it names', { type: [V2, 'shop.Paid.v1', V1] }, { versions: [1, 2], filters: [] }],
    [
      'all versions when a pattern may be any type',
      { type: [{ prefix: 'shop.' }] },
      { versions: [], filters: [] },
    ],
    [
      'with what else it asks for',
      { type: [V1], source: ['/shop'] },
      { versions: [1], filters: [{ versions: [1], policy: { source: ['/shop'] } }] },
    ],
    [
      'with the alternatives of its own type alone',
      { $or: [{ type: [V1], data: { a: [1] } }, { type: ['shop.Paid.v1'] }, { type: [V2] }] },
      { versions: [1, 2], filters: [{ versions: [1], policy: { data: { a: [1] } } }] },
    ],
    [
      'without a condition that another alternative makes empty',
      { $or: [{ type: [V1], data: { a: [1] } }, { type: [V1] }] },
      { versions: [1], filters: [] },
    ],
    [
      'with what is beside the alternatives',
      { type: [V1], $or: [{ source: ['/a'] }, { subject: ['b'] }] },
      {
        versions: [1],
        filters: [
          { versions: [1], policy: { source: ['/a'] } },
          { versions: [1], policy: { subject: ['b'] } },
        ],
      },
    ],
  ])('is %s', (_, policy, expected) => {
    expect(take(policy)).toEqual(expected);
  });

  it('names its types, those of the alternatives too', () => {
    expect(typesNamed({ $or: [{ type: [V1] }, { type: [V2], data: {} }] })).toEqual([V1, V2]);
  });
});

const consumer = (
  name: string,
  versions: readonly number[],
  filters: EventParties['consumers'][0]['filters'] = [],
) => ({
  name,
  owner: 'shop-dev',
  versions,
  filters,
});
const event: EventParties = {
  type: 'shop.OrderPlaced',
  versions: [1, 2],
  producers: [
    { kind: 'anyone', name: '', owner: 'shop-dev', versions: [] },
    { kind: 'consumer', name: 'import', owner: 'shop-dev', versions: [1] },
  ],
  consumers: [
    consumer('old', [1]),
    consumer('both', [1, 2], [{ versions: [1], policy: { source: ['/a'] } }]),
    consumer('archive', []),
  ],
};

describe('an event that is named', () => {
  it('with a version has those of this version', () => {
    expect(partiesNamed([event], 'shop.OrderPlaced.v2')).toEqual({
      ...event,
      versions: [2],
      producers: [event.producers[0]],
      consumers: [consumer('both', [1, 2]), consumer('archive', [])],
    });
  });

  it.each([
    ['shop.OrderPlacd', 'there are shop.OrderPlaced; did you mean shop.OrderPlaced?'],
    ['shop.OrderPlaced.v3', 'there are shop.OrderPlaced.v1, shop.OrderPlaced.v2'],
  ])('as %s, which is not there, is told of those that are', (typed, message) => {
    expect(() => partiesNamed([event], typed)).toThrow(message);
  });
});
