import { expect, it } from 'vitest';
import { textsIn } from '../../../lib/contracts/json/texts-in.ts';

it('finds texts, numbers and names, and no positions in lists', () => {
  const value = { where: { data: { customer: ['ada', 17], isNew: true, note: null } } };
  expect([...textsIn(value)].sort()).toEqual(['17', 'ada', 'customer', 'data', 'isNew', 'note', 'where']);
});

it('finds nothing in nothing', () => {
  expect([...textsIn(undefined)]).toEqual([]);
});
