import fc from 'fast-check';
import { expect, it } from 'vitest';
import { executionName } from '../../../lib/runtime/handling/execution-name.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { maxLength: 90 });

it('is a name that Step Functions and Lambda take, whatever the key of the record has', () => {
  fc.assert(
    fc.property(name, fc.string({ unit: 'binary', maxLength: 2_047 }), (consumer, key) => {
      expect(executionName(consumer, 'Table', key)).toMatch(/^[a-zA-Z0-9-_]{1,64}$/);
    }),
  );
});

it('is the same in each attempt, and begins with the consumer', () => {
  expect(executionName('onboarding', 'Table', '/hr|e1')).toBe('onboarding-1b7eb8e02dbb865556780f5730e810cb');
});

it.each([
  ['event', ['onboarding', 'Table', '/hr|e2']],
  ['replay', ['onboarding', 'Table', '/hr july|e1']],
  ['stage', ['onboarding', 'ProdTable', '/hr|e1']],
  ['consumer', ['offboarding', 'OtherTable', '/hr|e1']],
] as const)('is another for another %s', (_, [consumer, table, key]) => {
  expect(executionName(consumer, table, key)).not.toBe(executionName('onboarding', 'Table', '/hr|e1'));
});

it('does not confuse where the table ends and the key begins', () => {
  expect(executionName('a', 'T"', 'x')).not.toBe(executionName('a', 'T', '"x'));
  expect(executionName('a', 'T', 'Ux')).not.toBe(executionName('a', 'TU', 'x'));
});
