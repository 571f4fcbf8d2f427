import { describe, expect, it } from 'vitest';
import {
  readRecordKey,
  readReplay,
  recordKey,
  replayAttributes,
} from '../../../lib/contracts/delivery/replay.ts';

const received = (replay?: unknown, replayMode?: unknown) =>
  Object.fromEntries(
    Object.entries({ replay, replaymode: replayMode })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, typeof value === 'string' ? { stringValue: value } : {}]),
  );

describe('a replay is not read from attributes', () => {
  it.each<[string, readonly [replay?: unknown, replayMode?: unknown], RegExp]>([
    ['without an id', [undefined, 'fill'], /attribute replay has no text/],
    ['without a mode', ['r-1'], /attribute replaymode has no text/],
    [
      'with a mode that there is not',
      ['r-1', 'Again'],
      /replaymode is 'Again', which is not 'fill' or 'again'/,
    ],
    ['with a space in the id', ['r 1', 'again'], /replay is 'r 1', which is not the id of a replay/],
    ['with the separator of keys in the id', ['r|1', 'again'], /replay is 'r\|1'/],
    ['with no character in the id', ['', 'again'], /replay is ''/],
    ['with 65 characters in the id', ['x'.repeat(65), 'fill'], /replay is 'x+'/],
    ['with a very long id, which is not shown whole', ['x'.repeat(10_000), 'fill'], /replay is 'x{80}'/],
    [
      'with an emoji where a long id is cut',
      [`${'x'.repeat(79)}🎄🎄`, 'fill'],
      /replay is 'x{79}\u{1f384}', which/u,
    ],
    ['that are binary', [0, 'fill'], /attribute replay has no text/],
  ])('%s', (_, [replay, replayMode], message) => {
    expect(() => readReplay(received(replay, replayMode))).toThrow(RangeError);
    expect(() => readReplay(received(replay, replayMode))).toThrow(message);
  });
});

it('a message that has neither attribute is of no replay', () => {
  expect(readReplay({ type: { stringValue: 'shop.OrderPlaced.v1' } })).toBeUndefined();
});

it.each([{ id: 'r-1', mode: 'fill' } as const, { id: 'X'.repeat(64), mode: 'again' } as const])(
  'what a replay sets is read again: %j',
  (replay) => {
    const { replay: id, replaymode } = replayAttributes(replay);
    expect(readReplay(received(id?.StringValue, replaymode?.StringValue))).toEqual(replay);
  },
);

describe('the key of a record', () => {
  // An id may have any printable character in it.
  const event = { source: '/shop', id: 'a r-1|b' };

  it('is the event, and with it that of a replay that repeats nothing', () => {
    expect(recordKey(event, undefined)).toBe('/shop|a r-1|b');
    expect(recordKey(event, { id: 'r-1', mode: 'fill' })).toBe('/shop|a r-1|b');
  });

  it('is another one in each replay that repeats effects, and never that of another event', () => {
    const again = (id: string) => recordKey(event, { id, mode: 'again' });
    expect(again('r-1')).toBe('/shop r-1|a r-1|b');
    expect(again('r-2')).not.toBe(again('r-1'));
  });

  it('tells the event, and the replay that has repeated it', () => {
    expect(readRecordKey(recordKey(event, undefined))).toEqual({ ...event, again: undefined });
    expect(readRecordKey(recordKey(event, { id: 'r-1', mode: 'again' }))).toEqual({ ...event, again: 'r-1' });
    expect(readRecordKey('rate-limit')).toBeUndefined();
  });
});
