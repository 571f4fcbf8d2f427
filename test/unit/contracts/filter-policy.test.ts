import { describe, expect, it } from 'vitest';
import { matchesAttributes, matchesBody } from '../../../lib/contracts/filter-policy/matches-policy.ts';

type Json = Readonly<Record<string, unknown>>;

const DOCS = 'https://docs.aws.amazon.com/sns/latest/dg/';
const [STRINGS, NUMBERS, KEYS, LOGIC, LIMITS] = [
  'string-value-matching.html',
  'numeric-value-matching.html',
  'attribute-key-matching.html',
  'and-or-logic.html',
  'subscription-filter-policy-constraints.html',
].map((page) => `${DOCS}${page}`);
const BLOG =
  'https://aws.amazon.com/blogs/compute/introducing-payload-based-message-filtering-for-amazon-sns/';

/** What AWS documents, by page: a policy, bodies that pass it, and bodies that do not. */
const DOCUMENTED: readonly (readonly [string | undefined, Json, readonly Json[], readonly Json[]])[] = [
  [
    STRINGS,
    { customer_interests: ['rugby', 'tennis'] },
    [
      { customer_interests: 'rugby' },
      { customer_interests: 'tennis' },
      { customer_interests: ['rugby', 'tennis'] },
      { customer_interests: ['baseball', 'rugby'] },
    ],
    [
      { customer_interests: 'baseball' },
      { customer_interests: ['baseball'] },
      {},
      { customer_interests: [] },
    ],
  ],
  [
    STRINGS,
    { customer_interests: [{ 'anything-but': ['rugby', 'tennis'] }] },
    [
      { customer_interests: 'baseball' },
      { customer_interests: 'football' },
      { customer_interests: ['rugby', 'baseball'] },
    ],
    [{ customer_interests: 'rugby' }, { customer_interests: ['rugby'] }, {}, { other: 'baseball' }],
  ],
  [
    STRINGS,
    { event: [{ 'anything-but': { prefix: 'order-' } }] },
    [{ event: 'data-entry' }, { event: 'order_number' }],
    [{ event: 'order-cancelled' }, {}],
  ],
  [
    STRINGS,
    { event: [{ 'anything-but': { suffix: 'ball' } }] },
    [{ event: 'rugby' }],
    [{ event: 'baseball' }, {}],
  ],
  [
    STRINGS,
    { customer_interests: [{ 'equals-ignore-case': 'tennis' }] },
    [
      { customer_interests: 'TENNIS' },
      { customer_interests: 'Tennis' },
      { customer_interests: ['rugby', 'tEnNiS'] },
    ],
    [{ customer_interests: 'table tennis' }, { customer_interests: null }],
  ],
  [
    STRINGS,
    { source_ip: [{ cidr: '10.0.0.0/24' }] },
    [{ source_ip: '10.0.0.0' }, { source_ip: '10.0.0.255' }],
    [{ source_ip: '10.1.1.0' }, { source_ip: 'no address' }, { source_ip: '::1' }],
  ],
  [
    STRINGS,
    { source_ip: [{ cidr: '2001:db8::/32' }] },
    [{ source_ip: '2001:db8::1' }],
    [{ source_ip: '::1' }],
  ],
  [
    STRINGS,
    { customer_interests: [{ prefix: 'bas' }] },
    [{ customer_interests: 'baseball' }, { customer_interests: ['rugby', 'basketball'] }],
    [{ customer_interests: 'rugby' }, { customer_interests: 'Baseball' }, { customer_interests: 1 }],
  ],
  [
    STRINGS,
    { customer_interests: [{ suffix: 'ball' }] },
    [{ customer_interests: 'baseball' }, { customer_interests: 'basketball' }],
    [{ customer_interests: 'rugby' }],
  ],
  [
    STRINGS,
    { file: [{ wildcard: 'a*b*.txt' }] },
    [{ file: 'ab.txt' }, { file: 'a-b-c.txt' }],
    [{ file: 'a.txt' }, { file: 'ab.tx' }, { file: 'xab.txt' }],
  ],
  [STRINGS, { file: [{ wildcard: 'ab*ba' }] }, [{ file: 'abba' }], [{ file: 'aba' }]],
  [STRINGS, { file: [{ wildcard: 'plain' }] }, [{ file: 'plain' }], [{ file: 'plainly' }]],
  [
    NUMBERS,
    { price_usd: [{ numeric: ['=', 301.5] }] },
    [{ price_usd: 301.5 }, JSON.parse('{ "price_usd": 3.015e2 }')],
    [{ price_usd: 301.4 }, { price_usd: '301.5' }, { price_usd: null }, {}],
  ],
  [
    NUMBERS,
    { price: [{ 'anything-but': [100, 500] }] },
    [{ price: 101 }, { price: 100.1 }, { price: [100, 50] }],
    [{ price: 100 }, { price: [100, 500] }, {}],
  ],
  [
    NUMBERS,
    { price_usd: [{ numeric: ['<', 0] }] },
    [{ price_usd: -1 }],
    [{ price_usd: 0 }, { price_usd: '-1' }],
  ],
  [
    NUMBERS,
    { price_usd: [{ numeric: ['>', 0, '<=', 150] }] },
    [{ price_usd: 0.1 }, { price_usd: 150 }],
    [{ price_usd: 0 }, { price_usd: 150.1 }],
  ],
  [NUMBERS, { price: [{ numeric: ['>=', 5] }] }, [{ price: 5 }, { price: 1e9 }], [{ price: 4.99999 }]],
  [
    LIMITS,
    { price: [{ numeric: ['>', 0] }] },
    [{ price: 1_000_000_000 }, { price: 0.00001 }],
    [{ price: 1_000_000_001 }, { price: 1e12 }, { price: 0.000001 }],
  ],
  [LIMITS, { price: [{ numeric: ['<', 0] }] }, [{ price: -1_000_000_000 }], [{ price: -1_000_000_001 }]],
  [LIMITS, { store: ['Example'] }, [{ store: 'Example' }], [{ store: 'example' }]],
  [LIMITS, { a: [true] }, [{ a: true }], [{ a: 'true' }, { a: false }, { a: 1 }, {}]],
  [LIMITS, { a: [null] }, [{ a: null }], [{ a: 'null' }, {}, { a: '' }]],
  [
    LIMITS,
    { a: { b: { c: ['x'] } } },
    [{ a: { b: { c: 'x' } } }],
    [{ a: { b: { c: 'y' } } }, { a: 'x' }, {}],
  ],
  [
    KEYS,
    { store: [{ exists: true }] },
    [{ store: 'fans', customer_interests: ['baseball'] }, { store: 0 }, { store: false }],
    [{ customer_interests: ['baseball'] }, { store: null }, { store: '' }, { store: [] }],
  ],
  [
    KEYS,
    { store: [{ exists: false }] },
    [{ customer_interests: ['baseball', 'basketball'] }],
    [{ store: 'fans' }, { store: null }, { store: '' }],
  ],
  // It is for leaves, not for what is between: an object has no value of its own.
  [KEYS, { a: [{ exists: true }] }, [{ a: 'x' }], [{ a: { b: 'x' } }]],
  [KEYS, { a: { b: [{ exists: false }] } }, [{ a: { c: 1 } }, {}, { a: null }], [{ a: { b: 1 } }]],
  [
    LOGIC,
    { customer_interests: ['rugby'], price_usd: [{ numeric: ['>', 100] }] },
    [{ customer_interests: 'rugby', price_usd: 101 }],
    [{ customer_interests: 'rugby', price_usd: 100 }, { price_usd: 101 }],
  ],
  [
    LOGIC,
    { source: ['aws.cloudwatch'], $or: [{ metricName: ['CPUUtilization'] }, { namespace: ['AWS/EC2'] }] },
    [
      { source: 'aws.cloudwatch', metricName: 'CPUUtilization' },
      { source: 'aws.cloudwatch', namespace: 'AWS/EC2' },
    ],
    [
      { source: 'aws.cloudwatch' },
      { namespace: 'AWS/EC2' },
      { source: 'aws.cloudwatch', namespace: 'AWS/ES' },
    ],
  ],
  [
    LOGIC,
    { detail: { $or: [{ a: [1], b: [2] }, { c: { d: ['x'] } }] } },
    [{ detail: { a: 1, b: 2 } }, { detail: { c: { d: 'x' } } }],
    [{ detail: { a: 1 } }, { a: 1, b: 2 }],
  ],
  // With a reserved word in a choice, or only one choice, it is a name like any other.
  [LOGIC, { $or: [{ prefix: 'abc' }, { numeric: ['=', 123] }] }, [{ $or: 'abcdef' }, { $or: 123 }], [{}]],
  [LOGIC, { $or: ['x'] }, [{ $or: 'x' }], [{}]],
  [
    BLOG,
    {
      Records: { s3: { object: { key: [{ prefix: 'auto-' }] } }, eventName: [{ prefix: 'ObjectCreated:' }] },
    },
    [
      {
        Records: [
          { eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'home-1' } } },
          { eventName: 'ObjectCreated:Put', s3: { object: { key: 'auto-1' } } },
        ],
      },
    ],
    [
      { Records: [{ eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'auto-1' } } }] },
      {
        Records: [
          { eventName: 'ObjectRemoved:Delete', s3: { object: { key: 'auto-1' } } },
          { eventName: 'ObjectCreated:Put', s3: { object: { key: 'home-1' } } },
        ],
      },
    ],
  ],
];

describe('what AWS documents of filter policies on the body', () => {
  it.each(DOCUMENTED)('%s: %j', (_, policy, passing, stopped) => {
    expect(passing.filter((body) => !matchesBody(policy, body))).toEqual([]);
    expect(stopped.filter((body) => matchesBody(policy, body))).toEqual([]);
  });

  it.each([['text'], [1], [null], [['rugby']]])('a body that is no object, %j, passes nothing', (body) => {
    expect(matchesBody({ a: [{ exists: false }] }, body)).toBe(false);
  });

  it('refuses what is no operator, and no comparison', () => {
    expect(() => matchesBody({ a: [{ regex: 'x' }] }, { a: 'x' })).toThrow("'regex' is not an operator");
    expect(() => matchesBody({ a: [{ toString: 'x' }] }, { a: 'x' })).toThrow(
      "'toString' is not an operator",
    );
    expect(() => matchesBody({ a: [{ numeric: ['!=', 1] }] }, { a: 1 })).toThrow(
      "'!= 1' is not a comparison",
    );
  });

  it('has no values that every object inherits', () => {
    expect(matchesBody({ constructor: [{ exists: false }] }, { a: 1 })).toBe(true);
  });
});

describe('what AWS documents of filter policies on attributes', () => {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const list = (StringValue: string) => ({ DataType: 'String.Array', StringValue });
  const number = (StringValue: string) => ({ DataType: 'Number', StringValue });

  it('compares the value of its type, each of a list', () => {
    const policy = { customer_interests: ['rugby', 'tennis'] };
    expect(matchesAttributes(policy, { customer_interests: text('tennis') })).toBe(true);
    expect(matchesAttributes(policy, { customer_interests: list('["rugby", "tennis"]') })).toBe(true);
    expect(matchesAttributes(policy, { customer_interests: list('["baseball"]') })).toBe(false);
    expect(matchesAttributes(policy, { customer_interests: list('rugby') })).toBe(false);
  });

  it('compares numbers only if they are declared as numbers', () => {
    const policy = { price_usd: [{ numeric: ['=', 301.5] }] };
    expect(matchesAttributes(policy, { price_usd: number('3.015e2') })).toBe(true);
    expect(matchesAttributes(policy, { price_usd: text('301.5') })).toBe(false);
  });

  it('looks at no binary attributes, and lets nothing through that has no attributes', () => {
    const policy = { store: [{ exists: false }] };
    expect(matchesAttributes(policy, { other: text('x') })).toBe(true);
    expect(matchesAttributes(policy, {})).toBe(false);
    expect(matchesAttributes(policy, { store: { DataType: 'Binary' }, other: text('x') })).toBe(true);
  });
});
