import { describe, expect, it } from 'vitest';
import { ReasonSummary, withoutVariableParts } from '../../../lib/ops/dead-letters/summarize.ts';

describe('the shape of an error message', () => {
  it.each([
    ['order order-4712 is unknown', 'order … is unknown'],
    ['no stock for "espresso beans", 3 left', 'no stock for …, … left'],
    ["table 'orders' can't be read, and isn't there", "table … can't be read, and isn't there"],
    ['POST https://pay.example.com/v1/charges answered 503', 'POST … answered …'],
    ['ada@example.com bounced', '… bounced'],
    ['id 3f1c2b9e-0a4d-4c39-9f54-2e7c4ad0b0aa\n is taken', 'id … is taken'],
    ['it can never succeed', 'it can never succeed'],
  ])('of %j is %j', (message, shape) => {
    expect(withoutVariableParts(message)).toBe(shape);
  });
});

it('dead letters are counted by error, message and type, the most frequent first', () => {
  const summary = new ReasonSummary();
  const add = (errorMessage: string, lastAt: number, type = 'shop.OrderPlaced.v1') =>
    summary.add({ messageId: '', body: '', errorName: 'Timeout', errorMessage, lastAt, type });
  add('the bank is slow', 5);
  add('order 2 is late', 3);
  add('order 1 is late', 9);
  add('order 1 is late', 4, 'shop.OrderPlaced.v2');
  expect(summary.reasons).toEqual([
    {
      count: 2,
      errorName: 'Timeout',
      message: 'order … is late',
      type: 'shop.OrderPlaced.v1',
      firstAt: 3,
      lastAt: 9,
    },
    {
      count: 1,
      errorName: 'Timeout',
      message: 'the bank is slow',
      type: 'shop.OrderPlaced.v1',
      firstAt: 5,
      lastAt: 5,
    },
    {
      count: 1,
      errorName: 'Timeout',
      message: 'order … is late',
      type: 'shop.OrderPlaced.v2',
      firstAt: 4,
      lastAt: 4,
    },
  ]);
});
