import { describe, expect, it } from 'vitest';
import { JsonError, MAX_JSON_DEPTH, parseJson } from '../../../lib/contracts/json.ts';

const nested = (depth: number): string => `${'['.repeat(depth)}1${']'.repeat(depth)}`;

describe('parseJson', () => {
  it.each([
    ['nothing', '', /not valid JSON/],
    ['half an object', '{"a":', /not valid JSON/],
    ['one level too deep', nested(MAX_JSON_DEPTH + 1), /nested deeper than 64 levels/],
    ['a hundred thousand levels', nested(100_000), /nested deeper|not valid JSON/],
    ['a number that JavaScript takes for infinite', '{"a":[1e999]}', /too large/],
    ['a __proto__ key', '{"data":{"__proto__":{"admin":true}}}', /not allowed/],
  ])('refuses %s', (_, text, reason) => {
    expect(() => parseJson(text)).toThrow(JsonError);
    expect(() => parseJson(text)).toThrow(reason);
  });

  it('says where the __proto__ key is', () => {
    expect(() => parseJson('{"a/b":[{"__proto__":1}]}')).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ pointer: '/a~1b/0/__proto__' }) }),
    );
  });

  it('takes what is just deep enough', () => {
    expect(parseJson(nested(MAX_JSON_DEPTH))).toBeInstanceOf(Array);
  });
});
