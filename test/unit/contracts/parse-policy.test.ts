import { expect, it } from 'vitest';
import { parsePolicy } from '../../../lib/contracts/filter-policy/parse-policy.ts';

it('reads the filter policy of a subscription', () => {
  expect(parsePolicy('{"type":["a.v1"]}', 'email')).toEqual({ type: ['a.v1'] });
});

it.each(['null', '[]', '"a"', '1'])('refuses %s, which would be taken for another filter', (text) => {
  expect(() => parsePolicy(text, 'email')).toThrow(
    new TypeError('the filter policy of email is no JSON object; deploy its stack again'),
  );
});
