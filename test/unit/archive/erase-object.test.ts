import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { eraseObject } from '../../../lib/archive/erase/erase-object.ts';
import { createSubjects } from '../../../lib/archive/erase/subjects.ts';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { archivedOf, eventOf } from '../../apps/archive/archive-objects.ts';
import { LetterSent, OrderPlaced } from '../../apps/customers/index.ts';

const VERSIONS = [OrderPlaced, LetterSent].flatMap(({ versions }) => versions);
const AT = '2026-11-27T06:00:00.000Z';
const subjectsOf = (...names: readonly string[]) => createSubjects(names, VERSIONS);
const order = (customerId: unknown, more: Partial<Envelope> = {}): Envelope =>
  eventOf({ type: 'shop.OrderPlaced.v2', data: { orderId: 'o', customerId }, ...more });
const lineOf = (event: Envelope): string => JSON.stringify(archivedOf(event));

it.each([
  ['a text', 'to ada', true],
  ['a longer word', 'to adam', false],
  ['JSON with characters that need no escape', '{"to":"\\u0061da"}', true],
  ['JSON with a slash as PHP writes it', '{"to":"team\\/ada"}', true],
  ['JSON with an escape before it', '{"to":"Dear\\nada"}', true],
  ['JSON within JSON', JSON.stringify({ body: '{"to":"\\u0061da"}' }), true],
  [
    'JSON that is nested deeper than the stack',
    `${'['.repeat(100_000)}"\\u0061da"${']'.repeat(100_000)}`,
    true,
  ],
  ['JSON of somebody else', '{"to":"\\u0061dam","n":[1,2]}', false],
])('a person is named in %s, or not', (_, text, isNamed) => {
  expect(subjectsOf('ada').isNamedIn(text)).toBe(isNamed);
});

describe('whose an event is', () => {
  const late = { data: undefined, dataref: 's3://b/k', datasize: 1, datasha256: 'x' };
  it.each([
    ['the contract says where, and it is the person', order('ada'), 'theirs'],
    ['it is a number', order(17), 'theirs'],
    ['it is somebody else', order('adam'), 'others'],
    [
      'only the attribute names the person, and the contract says where',
      order('bob', { subject: 'ada' }),
      'others',
    ],
    [
      'an earlier version names the person elsewhere',
      order('x', { type: 'shop.OrderPlaced.v1', data: { customer: { id: 'ada' } } }),
      'theirs',
    ],
    ['the contract says nothing', eventOf({ type: 'shop.LetterSent.v1', subject: 'ada' }), 'theirs'],
    [
      'the contract says nothing, and neither does the event',
      eventOf({ type: 'shop.LetterSent.v1' }),
      'others',
    ],
    ['no contract knows the type', eventOf({ type: 'old.Gone.v1', subject: 'ada' }), 'theirs'],
    [
      'the data is gone, and the attribute names the person',
      order('', { ...late, subject: 'ada' }),
      'theirs',
    ],
    ['the data is gone', order('', late), 'others'],
    [
      'the data is at a link of its publisher',
      order('', { data: undefined, dataref: 'https://a.example/b' }),
      'unknown',
    ],
    ['it was erased before', { ...order('', { data: undefined, subject: 'ada' }), erased: AT }, 'others'],
  ] as const)('when %s', (_what, event, whose) => {
    expect(subjectsOf('ada', '17').judge(event)).toBe(whose);
  });

  it('names the types that no contract knows', () => {
    const subjects = subjectsOf('ada');
    for (const type of ['old.Gone.v1', 'shop.OrderPlaced.v2']) subjects.judge(eventOf({ type }));
    expect([...subjects.unknownTypes]).toEqual(['old.Gone.v1']);
  });

  it.each([
    ['17', 'customer-17', true],
    ['17', '2017', false],
    ['a.b', 'of a.b, c', true],
    ['a.b', 'axb', false],
    ['Jürg', 'von Jürg.', true],
    ['Jür', 'von Jürg.', false],
  ])('%s is named in %s: %s', (name, text, is) => {
    expect(subjectsOf(name).isNamedIn(text)).toBe(is);
  });
});

describe('an object of the archive', () => {
  it('keeps every byte of other lines: broken ones, of another form, and without an end', async () => {
    const spaced = JSON.stringify(archivedOf(order('bob'))).replace('{', '{ ');
    const pieces = [
      Buffer.from(`${spaced}\n`),
      Buffer.concat([Buffer.from('{"broken":"'), Buffer.from([0xff, 0xfe, 0x80]), Buffer.from('"}\r\n')]),
      Buffer.from('\n'),
      Buffer.from(`${lineOf(order('ada'))}\n`),
      Buffer.from('of ada, and no line\n'),
      Buffer.from(lineOf(order('bob', { id: 'grüße\u2028', data: { orderId: '"\\', customerId: 'bob' } }))),
    ];
    const erased = await eraseObject(gzipSync(Buffer.concat(pieces)), subjectsOf('ada'), AT);
    expect(erased).toMatchObject({
      lines: 6,
      erased: [{ id: 'order-1' }],
      unreadable: [
        { line: 2, named: false },
        { line: 3, named: false },
        { line: 5, named: true },
      ],
    });
    const after = gunzipSync(erased.content ?? expect.fail('nothing was erased'));
    const [before, rest] = [Buffer.concat(pieces.slice(0, 3)), Buffer.concat(pieces.slice(4))];
    expect(after.subarray(0, before.length)).toEqual(before);
    expect(after.subarray(after.length - rest.length)).toEqual(rest);
    const line = after.subarray(before.length, after.length - rest.length).toString();
    expect(line).toMatch(/^\{.*\}\n$/);
    expect(line).not.toContain('ada');
  });

  it('is not written again when nothing in it is theirs, or was erased before', async () => {
    const first = await eraseObject(gzipSync(`${lineOf(order('ada'))}\n`), subjectsOf('ada'), AT);
    const again = await eraseObject(first.content ?? Buffer.alloc(0), subjectsOf('ada'), 'later');
    expect(again).toMatchObject({ lines: 1, erased: [], before: [{ id: 'order-1', erased: AT }] });
    expect(again.content).toBeUndefined();
  });

  it('keeps what hangs an event together with others, unless it names the person', async () => {
    const event = order('ada', {
      correlationid: 'c-1',
      causationid: 'of/ada',
      traceparent: 't',
      producer: 'web',
      own: 'x',
    });
    const { content } = await eraseObject(gzipSync(lineOf(event)), subjectsOf('ada'), AT);
    const line = JSON.parse(gunzipSync(content ?? Buffer.alloc(0)).toString());
    const { specversion, id, source, type, time, correlationid, traceparent, producer } = event;
    expect(JSON.parse(line.body)).toEqual({
      ...{ specversion, id, source, type, time, correlationid, traceparent, producer },
      erased: AT,
    });
    expect(line).toEqual({
      arrivedAt: line.arrivedAt,
      id,
      source,
      type,
      time,
      correlationid,
      body: line.body,
    });
  });

  it('is given up when it is no whole gzip', async () => {
    const content = gzipSync(lineOf(order('ada'))).subarray(0, 40);
    await expect(eraseObject(content, subjectsOf('ada'), AT)).rejects.toMatchObject({ code: 'Z_BUF_ERROR' });
  });
});
