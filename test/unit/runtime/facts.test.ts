import { expect, it } from 'vitest';
import { factsOf } from '../../../lib/runtime/idempotency/facts.ts';
import { completedAttribute } from '../../../lib/runtime/idempotency/record.ts';

const event = { specversion: '1.0', id: '1', source: '/shop', type: 'shop.OrderPlaced.v2' } as const;

/** As it arrived, in an older version. */
const content = { type: 'shop.OrderPlaced.v1', digest: 'abc' };

it('an event without a correlation id is a story of its own', () => {
  expect(factsOf(event, content)).toEqual({
    id: '/shop|1',
    attributes: { type: { S: 'shop.OrderPlaced.v1' }, digest: { S: 'abc' }, correlationId: { S: '1' } },
    content,
  });
});

it('what would make the record large is left out', () => {
  const long = { correlationid: 'é'.repeat(129), causationid: 'é'.repeat(128) };
  const { attributes } = factsOf({ ...event, ...long }, content);
  expect(Object.keys(attributes)).toEqual(['type', 'digest', 'causationId']);
});

it('the first types of many are named, and the others counted', () => {
  const types = Array.from({ length: 10 }, (_, index) => `a.B.v${index}`);
  expect(completedAttribute(0, types)).toEqual({
    S: 'COMPLETED 1970-01-01T00:00:00.000Z a.B.v0 a.B.v1 a.B.v2 a.B.v3 a.B.v4 a.B.v5 a.B.v6 a.B.v7 +2',
  });
});
