import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../lib/contracts/json/canonical-json.ts';
import { JsonError, MAX_JSON_DEPTH, parseJson, toJson } from '../../../lib/contracts/json/json.ts';

const nested = (depth: number): string => `${'['.repeat(depth)}1${']'.repeat(depth)}`;

function problemsOf(text: string): readonly (readonly [pointer: string, detail: string])[] {
  try {
    parseJson(text);
    return [];
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return error.problems.map(({ pointer, detail }) => [pointer, detail]);
  }
}

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

  it.each([
    ['a __proto__ key', '{"a/b":[{"__proto__":1}]}', '/a~1b/0/__proto__'],
    ['half of a surrogate pair', '{"a":["\\ud83c"]}', '/a/0'],
    ['half of a surrogate pair in a key', '{"a":{"\\udfba":1}}', '/a/\ufffd'],
    ['a character that SQS refuses', '{"a":{"b":"x\uffffy"}}', '/a/b'],
    ['a character that SQS refuses, escaped', '{"a":{"b":"x\\ufffey"}}', '/a/b'],
    ['a number beyond 2^53', '{"a":[1,{"b":9007199254740993}]}', '/a/1/b'],
    ['a negative number beyond 2^53', '[-9007199254740993]', '/0'],
    ['more digits than a double keeps', '{"a":0.12345678901234567890123}', '/a'],
    ['a number that becomes zero', '{"a":{"b":[0,1e-400]}}', '/a/b/1'],
    ['a number that loses digits near zero', '[4.9e-324]', '/0'],
    ['a large number with an exponent', '[1.2345678901234567891e5]', '/0'],
    ['members of one name', '{"a":1,"b":{"c":1,"d":2,"c":3}}', '/b/c'],
    ['members of one name, written in two ways', '{"x":[{"a":1,"\\u0061":1}]}', '/x/0/a'],
    ['members of one name with one value', '{"a":[],"a":[]}', '/a'],
    ['members of an empty name', '{"":1,"":2}', '/'],
    ['members that look like indexes', '{"1":1,"0":2,"1":3}', '/1'],
  ])('refuses %s, and says where', (_, text, pointer) => {
    expect(problemsOf(text).map(([where]) => where)).toEqual([pointer]);
  });

  it('says what to do instead of a number, and not which it was: what is wrong may be logged', () => {
    expect(problemsOf('{"iban":9007199254740993}')).toEqual([
      [
        '/iban',
        'is a number that JavaScript would change; send a number that must keep every digit as a string, in a field that is a string in its contract',
      ],
    ]);
  });

  it('names every one of several, each name once, whatever stands between', () => {
    const text =
      ' { "a" : [ 1e-999 , "\\"1e-999\\\\" , true , null ] ,\n"b":{},"a":2, "a":3,"c":[9007199254740993] } ';
    expect(problemsOf(text).map(([where]) => where)).toEqual(['/a/0', '/c/0', '/a']);
  });

  it.each([
    '0',
    '-0',
    '0e99999',
    '1.0',
    '1e2',
    '1E+2',
    '0.1',
    '100000000000000000000',
    '1.50e-7',
    '9007199254740992',
    '1e300',
    '5e-324',
    '1.7976931348623157e308',
    '0.30000000000000004',
    `1.${'0'.repeat(1_000)}`,
  ])('takes the number %s, which keeps its value', (text) => {
    expect(parseJson(text)).toBe(Number(text));
  });

  it.each(['"1:2,{\\"a\\":1,\\"a\\":2}"', '{"a":"\\\\","b":"\\\\\\"","c":":"}', '"9007199254740993 1e-999"'])(
    'looks at nothing in the text %s',
    (text) => {
      expect(parseJson(text)).toEqual(JSON.parse(text));
    },
  );

  it('takes whatever JSON.stringify has written of text that is Unicode', () => {
    const sent = fc
      .jsonValue({ stringUnit: 'binary' })
      .filter((value) => !/__proto__|[\uFFFE\uFFFF]/.test(JSON.stringify(value)))
      .map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(sent, (text) => {
        expect(JSON.stringify(parseJson(text))).toBe(text);
      }),
    );
  });

  it('takes a number exactly when the same decimal comes back', () => {
    const digits = fc.stringMatching(/^(0|[1-9]\d{0,20})$/);
    const fraction = fc.option(fc.stringMatching(/^\d{1,20}$/), { nil: undefined });
    const exponent = fc.option(fc.integer({ min: -40, max: 40 }), { nil: undefined });
    fc.assert(
      fc.property(digits, fraction, exponent, (whole, part, power) => {
        const text = `${whole}${part === undefined ? '' : `.${part}`}${power === undefined ? '' : `e${power}`}`;
        expect(problemsOf(text).length === 0).toBe(scaled(text) === scaled(String(Number(text))));
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds members of one name wherever there are some, and reads the others as they are written', () => {
    fc.assert(
      fc.property(fc.letrec<{ node: Written }>(writtenJson).node, ({ text, value, repeats }) => {
        if (repeats) expect(() => parseJson(text)).toThrow(/more than once/);
        else expect(parseJson(text)).toStrictEqual(value);
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads a key with escapes as it is written, after any other key', () => {
    // V8 takes the second key of the second text for that of the first: https://github.com/nodejs/node/issues/63785
    parseJson('{"x":1,"ab\\\\":1}');
    expect(parseJson('{"x":1,"ab\\"":1}')).toEqual({ x: 1, 'ab"': 1 });
    expect(parseJson('{"x":1,"ab\\u0061":1}')).toEqual({ x: 1, aba: 1 });
    expect(parseJson('[{"\\\\":1},{"\\"":1},{"\\n":1}]')).toEqual([{ '\\': 1 }, { '"': 1 }, { '\n': 1 }]);
  });

  it('takes what is just deep enough', () => {
    expect(parseJson(nested(MAX_JSON_DEPTH))).toBeInstanceOf(Array);
  });

  it('keeps a hundred problems of a million', () => {
    expect(problemsOf(`[${Array.from({ length: 10_000 }, () => '1e-999').join()}]`)).toHaveLength(100);
  });
});

/** The value of a decimal times 10^400, which is whole for every number tried here. */
function scaled(text: string): bigint {
  const [mantissa = '', power = '0'] = text.split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(400 + Number(power) - fraction.length);
}

/** JSON text, the value that it means, and whether any of its objects has two members of one name. */
interface Written {
  readonly text: string;
  readonly value: unknown;
  readonly repeats: boolean;
}

function writtenJson(tie: fc.LetrecTypedTie<{ node: Written }>): { node: fc.Arbitrary<Written> } {
  const scalar = fc
    .constantFrom<readonly [string, unknown]>(
      ['1', 1],
      ['"a:b"', 'a:b'],
      ['null', null],
      ['"\\"{"', '"{'],
      ['""', ''],
    )
    .map(([text, value]) => ({ text, value, repeats: false }));
  const list = fc.array(tie('node'), { maxLength: 3 }).map((all) => ({
    text: `[${all.map(({ text }) => text).join(' , ')}]`,
    value: all.map(({ value }) => value),
    repeats: all.some(({ repeats }) => repeats),
  }));
  const name = fc.constantFrom<readonly [string, string]>(
    ['a', 'a'],
    ['\\u0061', 'a'],
    ['1', '1'],
    ['\\"', '"'],
    ['\\\\', '\\'],
  );
  const members = fc.array(fc.tuple(name, tie('node')), { maxLength: 3 }).map((all) => ({
    text: `{ ${all.map(([[written], { text }]) => `"${written}" : ${text}`).join(',')}\n}`,
    value: Object.fromEntries(all.map(([[, meant], { value }]) => [meant, value])),
    repeats:
      all.some(([, { repeats }]) => repeats) || new Set(all.map(([[, meant]]) => meant)).size < all.length,
  }));
  return { node: fc.oneof({ maxDepth: 4 }, scalar, list, members) };
}

describe('toJson', () => {
  it('writes what parseJson reads as the same', () => {
    fc.assert(
      fc.property(fc.object({ withBigInt: true, withDate: true, withMap: true, withSet: true }), (value) => {
        let text: string;
        try {
          text = toJson(value);
        } catch (error) {
          expect(error).toBeInstanceOf(JsonError);
          return;
        }
        expect(toJson([parseJson(text)])).toBe(`[${text}]`);
      }),
    );
  });
});

describe('canonicalJson', () => {
  it('is the same for the same value, however its members are ordered', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'ä' }], a: -0, 1: 1e21 })).toBe(
      canonicalJson(JSON.parse('{"1":1000000000000000000000,"a":0.0,"b":[1.0,{"c":"\\u00e4","d":null}]}')),
    );
  });

  it('differs for values that differ', () => {
    const values = fc
      .jsonValue({ maxDepth: 3 })
      .filter((value) => !JSON.stringify(value).includes('__proto__'))
      .map((value) => parseJson(JSON.stringify(value)));
    fc.assert(
      fc.property(values, values, (one, other) => {
        expect(parseJson(canonicalJson(one))).toEqual(one);
        expect(canonicalJson(one) === canonicalJson(other)).toBe(isEqual(one, other));
      }),
    );
  });
});

function isEqual(one: unknown, other: unknown): boolean {
  try {
    expect(one).toStrictEqual(other);
    return true;
  } catch {
    // That they differ is the answer.
    return false;
  }
}

it.each([
  'ada@example.com wants beans',
  '{"email": ada@example.com}',
  `[${'1,'.repeat(50)} ada@example.com]`,
])('quotes nothing of a text that is not JSON: %s', (text) => {
  expect(() => parseJson(text)).toThrow(/^is not valid JSON: Unexpected token '.'$/);
});
