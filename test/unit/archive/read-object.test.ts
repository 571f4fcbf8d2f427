import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import type { ArchiveStore } from '../../../lib/archive/read/archive-store.ts';
import { type ArchiveProblem, MAX_LINE_BYTES, readObject } from '../../../lib/archive/read/read-object.ts';
import { archivedOf, eventOf, HOUR, objectOf, storeOf } from '../../apps/archive/archive-objects.ts';

/** Events that hardly compress, so that an object has many blocks. */
const LINES = Array.from({ length: 200 }, (_, index) =>
  archivedOf(
    eventOf({ id: `order-${index}`, data: { noise: randomBytes(600).toString('hex') } }),
    HOUR + index,
  ),
);
const { key, body } = objectOf(LINES);
const HALF = Math.floor(body.length / 2);

async function read(store: ArchiveStore, after?: number) {
  const problems: ArchiveProblem[] = [];
  const ids: string[] = [];
  const lines: number[] = [];
  for await (const line of readObject(store, key, { onProblem: (one) => problems.push(one), after })) {
    ids.push(line.archived.id);
    lines.push(line.line);
  }
  return { ids, lines, problems };
}

const withBody = (bytes: Buffer): ArchiveStore => storeOf([{ key, body: bytes }]);
const textOf = (lines: readonly unknown[]): string =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');

it('an object whose connection is silent is opened again, and read on', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { open, ...store } = withBody(body);
  let opened = 0;
  const half = new Readable({ read: () => undefined });
  half.push(body.subarray(0, HALF));
  const silent = { ...store, open: async () => (opened++ > 0 ? open(key) : half) };
  const reading = read(silent);
  let isDone = false;
  void reading.then(() => {
    isDone = true;
  });
  while (!isDone) {
    vi.advanceTimersByTime(30_000);
    await new Promise(setImmediate);
  }
  vi.useRealTimers();
  expect(await reading).toMatchObject({ ids: LINES.map(({ id }) => id), problems: [] });
  expect(opened).toBe(2);
});

describe('an object that is damaged', () => {
  it('gives what precedes the place where it ends too early, and names it', async () => {
    const { ids, problems } = await read(withBody(body.subarray(0, HALF)));
    expect(ids.length).toBeGreaterThan(80);
    expect(ids).toEqual(LINES.slice(0, ids.length).map(({ id }) => id));
    expect(problems[0]).toEqual({
      key,
      line: ids.length + 1,
      reason: expect.stringMatching(/^it is no whole gzip/),
    });
    expect(problems).toHaveLength(1);
  });

  it('gives what precedes bytes that are no gzip', async () => {
    const damaged = Buffer.from(body);
    damaged.fill(0xff, HALF, HALF + 2_000);
    const { ids, problems } = await read(withBody(damaged));
    expect(ids.length).toBeGreaterThan(80);
    expect(ids).toEqual(LINES.slice(0, ids.length).map(({ id }) => id));
    // What zlib makes of other bytes is no line. That they are others, it knows at the end.
    expect(problems[0]).toMatchObject({ key, line: ids.length + 1 });
    expect(problems.at(-1)).toMatchObject({ key, reason: expect.stringMatching(/^it is no whole gzip/) });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['something else', Buffer.from('hello')],
  ])('is a problem when it has %s in it', async (_, bytes) => {
    const { ids, problems } = await read(withBody(bytes));
    expect(ids).toEqual([]);
    expect(problems).toMatchObject([{ key }]);
  });

  it('is a problem when it was cut where a gzip may end', async () => {
    const { ids, problems } = await read(withBody(gzipSync(textOf(LINES.slice(0, 3)))));
    expect(ids).toHaveLength(3);
    expect(problems).toEqual([{ key, reason: 'it has 3 lines, but was written with 200' }]);
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /no JSON object/],
    ['a list', [], /no JSON object/],
    ['an empty line', '', /no JSON object/],
    ['no body', { ...LINES[0], body: undefined }, /no text in the column body/],
    ['a number for an id', { ...LINES[0], id: 1 }, /no text in the column id/],
    ['a number for a subject', { ...LINES[0], subject: 1 }, /column subject is no text/],
    ['another moment', { ...LINES[0], arrivedAt: 'today' }, /arrivedAt is no time/],
    ['a body that is no event', { ...LINES[0], body: '"x"' }, /body is no JSON object/],
    ['the body of another event', { ...LINES[0], body: LINES[1]?.body }, /another id than its column/],
  ])('loses only the line that has %s', async (_, wrong, reason) => {
    const lines = [...LINES.slice(0, 4), wrong, ...LINES.slice(5)];
    const { ids, problems } = await read(withBody(gzipSync(textOf(lines))));
    expect(ids).toHaveLength(199);
    expect(problems).toEqual([{ key, line: 5, reason: expect.stringMatching(reason) }]);
  });

  it('loses only a line that is too long to be one', async () => {
    const lines = [LINES[0], { ...LINES[1], largeData: 'x'.repeat(MAX_LINE_BYTES) }, ...LINES.slice(2)];
    const { ids, problems } = await read(withBody(gzipSync(textOf(lines))));
    expect(ids).toHaveLength(199);
    expect(problems).toEqual([{ key, line: 2, reason: `it is longer than ${MAX_LINE_BYTES} bytes` }]);
  });

  it('is named when it is not there', async () => {
    const { problems } = await read(storeOf([]));
    expect(problems).toEqual([{ key, line: 1, reason: 'NoSuchKey: The specified key does not exist.' }]);
  });
});

describe('a connection that breaks in the middle', () => {
  const breaking = (times: number): ArchiveStore => {
    let left = times;
    const store = withBody(body);
    return {
      ...store,
      open: async (one) => {
        left -= 1;
        if (left < 0) return store.open(one);
        const half = body.subarray(0, HALF);
        return Readable.from(
          (function* () {
            yield half;
            throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
          })(),
        );
      },
    };
  };

  it('is opened again, and no line comes twice', async () => {
    const { ids, lines, problems } = await read(breaking(2));
    expect(problems).toEqual([]);
    expect(ids).toEqual(LINES.map(({ id }) => id));
    expect(lines).toEqual(LINES.map((_, index) => index + 1));
  });

  it('is a problem when it breaks again and again', async () => {
    const { problems } = await read(breaking(9));
    expect(problems).toMatchObject([{ key, reason: 'the connection broke: aborted' }]);
  });
});

it('goes on after the lines that were read before', async () => {
  const { ids, lines, problems } = await read(withBody(body), 198);
  expect(ids).toEqual(['order-198', 'order-199']);
  expect(lines).toEqual([199, 200]);
  expect(problems).toEqual([]);
});

it('takes a last line without a newline', async () => {
  const { ids, problems } = await read(withBody(gzipSync(textOf(LINES).trimEnd())));
  expect(ids).toHaveLength(200);
  expect(problems).toEqual([]);
});
