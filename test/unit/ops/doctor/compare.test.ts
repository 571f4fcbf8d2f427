import { describe, expect, it } from 'vitest';
import { compare, describeValue } from '../../../../lib/ops/doctor/compare.ts';
import { UNRESOLVED } from '../../../../lib/ops/doctor/resolve.ts';

const statement = (more: object) => ({ Statement: [{ Effect: 'Allow', ...more }], Version: '2012-10-17' });

describe('nothing differs', () => {
  it.each([
    ['a number that is a text', 60, '60'],
    ['a truth value that is a text', true, 'true'],
    ['nothing, in its several forms', undefined, ''],
    ['an object of nothing', undefined, { Filters: [] }],
    ['a list in another order', ['a', 'b'], ['b', 'a']],
    [
      'named elements in another order',
      [
        { Id: 'a', Period: 1 },
        { Id: 'b', Period: 2 },
      ],
      [
        { Id: 'b', Period: '2' },
        { Id: 'a', Period: '1' },
      ],
    ],
    ['a text of which a part is not known', `arn:${UNRESOLVED}:queue`, 'arn:aws:sqs:us-east-1:0:queue'],
    ['a value that is not known', { Role: UNRESOLVED }, { Role: 'arn:aws:iam::0:role/x' }],
    ['one action and a list of one', statement({ Action: 'sqs:*' }), statement({ Action: ['sqs:*'] })],
    ['everybody, in two forms', statement({ Principal: '*' }), statement({ Principal: { AWS: '*' } })],
    [
      'a condition key in capitals',
      statement({ Condition: { ArnLike: { 'aws:SourceArn': 'a' } } }),
      statement({ Condition: { ArnLike: { 'AWS:SourceArn': ['a'] } } }),
    ],
    [
      'a condition of a truth value',
      statement({ Condition: { Bool: { 'aws:SecureTransport': false } } }),
      statement({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ],
  ])('by %s', (_, synthesized, deployed) => {
    expect(compare(synthesized, deployed)).toEqual([]);
  });
});

describe('a difference has its path', () => {
  it.each<[string, unknown, unknown, string]>([
    ['a value', { a: { b: 1 } }, { a: { b: 2 } }, 'a.b'],
    ['what is missing', { a: 1 }, {}, 'a'],
    ['what is there too much', {}, { a: 1 }, 'a'],
    ['zero, which is not nothing', {}, { a: 0 }, 'a'],
    ['false, which is not nothing', {}, { a: false }, 'a'],
    ['an element by its name', [{ Id: 'x', Period: 1 }], [{ Id: 'x', Period: 2 }], '[x].Period'],
    ['a list of texts', { a: ['x'] }, { a: ['x', 'y'] }, 'a'],
    ['the same twice', { a: ['x', 'x'] }, { a: ['x', 'y'] }, 'a'],
    ['a text around what is not known', `queue-${UNRESOLVED}`, 'topic-1', ''],
    ['an object in place of a text', { a: 'x' }, { a: { b: 1 } }, 'a'],
    ['a list in place of a text', { a: 'x' }, { a: ['x'] }, 'a'],
    ['characters that mean something in patterns', `a.b${UNRESOLVED}`, 'axb1', ''],
  ])('of %s', (_, synthesized, deployed, path) => {
    expect(compare(synthesized, deployed).map((difference) => difference.path.replace(/^\./, ''))).toEqual([
      path,
    ]);
  });

  it('of a statement that is not there, and of one that should not be', () => {
    const open = { Effect: 'Allow', Principal: { AWS: ['*'] } };
    const closed = { Effect: 'Deny', Principal: { AWS: ['*'] } };
    expect(compare({ P: { Statement: [closed] } }, { P: { Statement: [open] } })).toEqual([
      { path: 'P.Statement[]', synthesized: closed, deployed: undefined },
      { path: 'P.Statement[]', synthesized: undefined, deployed: open },
    ]);
  });
});

it('a value is described for a person', () => {
  expect(describeValue(undefined)).toBe('nothing');
  expect(describeValue(0)).toBe('0');
  expect(describeValue({ a: `x${UNRESOLVED}` })).toBe('{"a":"x..."}');
});
