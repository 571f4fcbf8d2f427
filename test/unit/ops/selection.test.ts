import { describe, expect, it } from 'vitest';
import { type DeadLetter, selects, selectsAll } from '../../../lib/ops/dead-letters/dead-letter.ts';

const letterWith = (body: string): DeadLetter => ({
  messageId: 'm',
  errorName: 'Error',
  errorMessage: '',
  body,
});

describe('a selection of dead letters by a text', () => {
  it.each([
    ['a value', '{"data":{"customerId":"customer-1"}}', 'customer-1'],
    ['a value deep within', '{"data":{"lines":[{"note":{"to":"Ada"}}]}}', 'Ada'],
    ['a value with escapes that it need not have', '{"data":{"name":"\\u0041da"}}', 'Ada'],
    ['a value with escapes that it must have', '{"data":{"name":"\\"Ada\\""}}', '"Ada"'],
    ['a number', '{"data":{"phone":4912345}}', '12345'],
    ['a name', '{"data":{"Ada":true}}', 'Ada'],
    ['a body that is no JSON', 'Ada was here', 'Ada'],
  ])('finds it in %s', (_, body, containing) => {
    expect(selects({ containing }, letterWith(body))).toBe(true);
  });

  it.each([
    ['another text', '{"data":{"customerId":"customer-2"}}'],
    ['other letters', '{"data":{"customerId":"CUSTOMER-1"}}'],
    ['nothing', ''],
  ])('does not find it in %s', (_, body) => {
    expect(selects({ containing: 'customer-1' }, letterWith(body))).toBe(false);
  });

  it('is a choice: a redrive of it must not move all', () => {
    expect(selectsAll({ containing: 'customer-1' })).toBe(false);
  });
});
