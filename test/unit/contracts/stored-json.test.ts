import { expect, it } from 'vitest';
import { parseStoredJson } from '../../../lib/contracts/json/stored-json.ts';

it.each([
  ['half an emoji', '{"a":"\\ud83c"}', { a: '\ud83c' }],
  ['a key that is there twice', '{"a":1,"a":2}', { a: 2 }],
  ['a number that JavaScript rounds', '{"a":9007199254740993}', { a: 9007199254740992 }],
])('reads stored JSON with %s, which is refused from outside', (_, text, value) => {
  expect(parseStoredJson(text, 'the text')).toEqual(value);
});

it('reads a key __proto__ as a key like any other', () => {
  expect(Object.entries(Object(parseStoredJson('{"__proto__":{"a":1}}', 'the text')))).toEqual([
    ['__proto__', { a: 1 }],
  ]);
});

it('reads each key as it was stored, also where V8 confuses them', () => {
  const text = '[{"a\\\\b":1},{"a\\nb":2}]';
  expect(parseStoredJson(text, 'the text')).toEqual([{ 'a\\b': 1 }, { 'a\nb': 2 }]);
});

it('names a text that is not JSON, and quotes nothing of it', () => {
  expect(() => parseStoredJson('{"email":"ada@example.com"', 'the data of saga 1')).toThrow(
    new SyntaxError('the data of saga 1 is not JSON'),
  );
});
