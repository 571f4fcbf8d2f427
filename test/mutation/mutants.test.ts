import { describe, expect, it } from 'vitest';
import { ACCEPTED } from './accepted.ts';
import { keyOf, type Mutant, mutantsOf, mutantsOfFile, mutate } from './mutants.ts';

const replacementsIn = (source: string): string[] =>
  mutantsOf('file.ts', source).map((mutant) => mutate(source, mutant));

describe('a source is mutated', () => {
  it.each([
    ['a condition holds always and never', 'if (a) b();', ['if (true) b();', 'if (false) b();']],
    ['a boundary moves', 'x = a < b;', ['x = a <= b;', 'x = a >= b;', ';']],
    ['one of two conditions is left out', 'x = a && b();', ['x = a;', 'x = b();', ';']],
    ['a default is left out', 'x = a ?? b;', ['x = a;', 'x = b;', ';']],
    ['a question is not asked', 'x = a?.b;', ['x = a.b;', ';']],
    ['nobody waits', 'await a();', ['a();', ';']],
    ['a filter lets all pass', 'x = a.filter(b);', ['x = a;', ';']],
    ['a text of a state is another', `x = 'DONE';`, [`x = 'mutant';`, ';']],
    ['a limit is ten times as much, or a tenth', 'const x = 250;', ['const x = 2500;', 'const x = 25;']],
    ['a property is left out', 'x = { a: b };', ['x = { ...{} };', ';']],
  ])('%s', (_, source, expected) => {
    expect(replacementsIn(source).toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    [
      'what must hold becomes true',
      `'#a = :a AND b < :b'`,
      `'(#a = :a OR attribute_not_exists(mutant)) AND b < :b'`,
    ],
    [
      'what may hold becomes false',
      `'#a = :a OR b < :b'`,
      `'#a = :a OR (b < :b AND attribute_exists(mutant))'`,
    ],
    ['what alone must hold becomes true', `'#a = :a'`, `'(#a = :a OR attribute_not_exists(mutant))'`],
    ['an update writes another attribute', `'SET a = :a REMOVE b'`, `'SET a = :a REMOVE mutant'`],
    [
      'and so does a statement',
      '`UPDATE "t" SET "a"=? WHERE "id"=?`',
      '`UPDATE "t" SET "mutant"=? WHERE "id"=?`',
    ],
  ])('of an expression of DynamoDB, %s', (_, expression, expected) => {
    expect(replacementsIn(`x = ${expression};`)).toContain(`x = ${expected};`);
  });

  it.each([
    ['types', 'type A = 1 | 2; interface B { a: true } const x = a as B<1>;'],
    ['imports', `import a from 'b'; export * from 'c';`],
    ['texts for people', `const x = () => new Error('gone');`],
    ['lines of a log', `logger.warn('gone', { a: 1 });`],
  ])('but not: %s', (_, source) => {
    expect(replacementsIn(source)).toEqual([]);
  });
});

it('every accepted mutant is one that is made, and accepted once', () => {
  const files = [...new Set(ACCEPTED.map(({ file }) => file))];
  const made = new Set(files.flatMap(mutantsOfFile).map((mutant: Mutant) => keyOf(mutant)));
  const keys = ACCEPTED.map(keyOf);
  expect(keys.filter((key, index) => !made.has(key) || keys.indexOf(key) < index)).toEqual([]);
});
