import { expect, it } from 'vitest';
import { nearestName, suggest } from '../../../lib/contracts/text/nearest-name.ts';

const CONSUMERS = ['analytics', 'email', 'inventory', 'shipping'];

it.each([
  ['emial', 'email'],
  ['Email', 'email'],
  ['e-mail', 'email'],
  ['inventry', 'inventory'],
  ['shiping', 'shipping'],
  ['nobody', undefined],
  ['x', undefined],
  ['', undefined],
])('%j is most like %j', (typed, meant) => {
  expect(nearestName(typed, CONSUMERS)).toBe(meant);
});

it('says what there is, and what was meant if it can tell', () => {
  expect(suggest('prdo', ['dev', 'prod'])).toBe('; there are dev, prod; did you mean prod?');
  expect(suggest('qa', ['dev', 'prod'])).toBe('; there are dev, prod');
  expect(suggest('prod', [])).toBe('');
});
