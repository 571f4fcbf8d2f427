import { describe, expect, it } from 'vitest';
import { createDeduper } from '../../../lib/archive/read/deduper.ts';
import { readLine } from '../../../lib/archive/read/read-line.ts';
import { createSelection, wholeEvent } from '../../../lib/archive/read/selection.ts';
import { archivedOf, eventOf, HOUR } from '../../apps/archive/archive-objects.ts';

const read = (data: object, largeData?: string) =>
  readLine(JSON.stringify(archivedOf(eventOf({ data }), HOUR, largeData === undefined ? {} : { largeData })));
const readOf = (...args: Parameters<typeof read>) => {
  const one = read(...args);
  return 'reason' in one ? expect.fail(one.reason) : one;
};

describe('a line of the archive', () => {
  // V8 takes the second key for the first: https://github.com/nodejs/node/issues/63785
  it('has the keys that its event had, whatever was read before', () => {
    readOf({ x: 1, 'ab\\': 1 });
    expect(readOf({ x: 1, 'ab"': 1 }).event.data).toEqual({ x: 1, 'ab"': 1 });
  });

  it('has the keys of its large data, whatever was read before', () => {
    const large = (data: object) => wholeEvent(readOf({}, JSON.stringify(data)));
    large({ x: 1, 'ab\\': 1 });
    expect(large({ x: 1, 'ab"': 1 }).data).toEqual({ x: 1, 'ab"': 1 });
  });

  it.each([
    ['half an emoji', '{"customerId":"ada","note":"\\ud83c"}'],
    ['a key that is there twice', '{"customerId":"eve","customerId":"ada"}'],
  ])('has its large data, by which an erasure judges it, also with %s', (_, text) => {
    expect(wholeEvent(readOf({}, text)).data).toMatchObject({ customerId: 'ada' });
  });

  it('has no large data when the text is no JSON', () => {
    expect(wholeEvent(readOf({ a: 1 }, '{')).data).toEqual({ a: 1 });
  });

  it('has no attribute that is null, which is as good as absent', () => {
    const body = JSON.stringify({ ...eventOf(), data: null, dataref: null, subject: null });
    const line = readLine(JSON.stringify({ ...archivedOf(eventOf()), body }));
    if ('reason' in line) return expect.fail(line.reason);
    expect(line.event).toEqual({ ...eventOf(), data: null });
    expect(line.archived.body).toBe(body);
    expect(createDeduper().isRepeated(line.event, HOUR)).toBe(false);
  });

  it.each([
    ['no JSON', '{', expect.stringMatching(/^its body cannot be read \(is not valid JSON: /)],
    ['a JSON text that is no object', '[1]', 'its body is no JSON object'],
    [
      'a name twice',
      '{"id":"order-1","id":"order-1"}',
      'its body cannot be read (/id is in its object more than once)',
    ],
  ])('says that its body is %s', (_, body, reason) => {
    expect(readLine(JSON.stringify({ ...archivedOf(eventOf()), body }))).toEqual({ reason });
  });
});

it('a selection by a key finds the event that has it, whatever was read before', () => {
  readOf({ x: 1, 'ab\\': 1 });
  const { matches } = createSelection({ from: 0, to: HOUR + 1, where: { data: { 'ab"': [1] } } });
  expect(matches(readOf({ x: 1, 'ab"': 1 }))).toBe(true);
});
