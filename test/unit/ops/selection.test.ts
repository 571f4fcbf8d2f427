import { describe, expect, it } from 'vitest';
import type { ReceivedDeadLetter } from '../../../lib/ops/dead-letters/dead-letter.ts';
import { createSelector, type Selection, selectsAll } from '../../../lib/ops/dead-letters/selection.ts';

const deadLetter = (body: string, more: object = {}): ReceivedDeadLetter => ({
  deadLetter: { messageId: 'm', errorName: 'Error', errorMessage: '', body, ...more },
  message: {},
});
const selects = (selection: Selection, one: ReceivedDeadLetter): boolean =>
  createSelector(selection).select([one]).length === 1;

describe('a selection of dead letters by a text', () => {
  it.each([
    ['a value', '{"data":{"customerId":"customer-1"}}', 'customer-1'],
    ['a value deep within', '{"data":{"lines":[{"note":{"to":"Ada"}}]}}', 'Ada'],
    ['a value with escapes that it need not have', '{"data":{"name":"\\u0041da"}}', 'Ada'],
    ['a value with escapes that it must have', '{"data":{"name":"\\"Ada\\""}}', '"Ada"'],
    ['a number', '{"data":{"phone":4912345}}', '12345'],
    ['a name', '{"data":{"Ada":true}}', 'Ada'],
    ['a body that is no JSON', 'Ada was here', 'Ada'],
  ])('finds it in %s', (_, body, text) => {
    expect(selects({ text }, deadLetter(body))).toBe(true);
  });

  it.each([
    ['another text', '{"data":{"customerId":"customer-2"}}'],
    ['other letters', '{"data":{"customerId":"CUSTOMER-1"}}'],
    ['nothing', ''],
    ['a body that is nested deeper than the stack', `${'['.repeat(100_000)}1${']'.repeat(100_000)}`],
    ['such a body with escapes', `${'{"a\\n":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
  ])('does not find it in %s', (_, body) => {
    expect(selects({ text: 'customer-1' }, deadLetter(body))).toBe(false);
  });

  it.each([
    ['the positions in a list', '1', '["a","b"]'],
    ['what stands for a body that is no JSON', 'undefined', 'no JSON'],
  ])('does not find %s', (_, text, body) => {
    expect(selects({ text }, deadLetter(body))).toBe(false);
  });

  it('finds it in a name with escapes, which V8 takes for that of the message before', () => {
    const both = [deadLetter('{"x":1,"ab\\\\":1}'), deadLetter('{"x":1,"ab\\u0061":1}')];
    expect(createSelector({ text: 'aba' }).select(both)).toEqual([both[1]]);
  });

  it('is a choice: a redrive of it must not move all', () => {
    expect(selectsAll({ text: 'customer-1' })).toBe(false);
  });
});

describe('a selection of dead letters by their age', () => {
  const ago = (seconds: number) => deadLetter('', { lastAt: Date.now() - seconds * 1_000 });

  it.each<[Selection, number, boolean]>([
    [{ olderThanSeconds: 60 }, 90, true],
    [{ olderThanSeconds: 60 }, 30, false],
    [{ newerThanSeconds: 60 }, 30, true],
    [{ newerThanSeconds: 60 }, 90, false],
    [{ olderThanSeconds: 60, newerThanSeconds: 120 }, 90, true],
  ])('%j of one that failed %i s ago is %s', (selection, seconds, isSelected) => {
    expect(selects(selection, ago(seconds))).toBe(isSelected);
  });
});

describe('a selection that ends', () => {
  const named = (messageId: string) => deadLetter('', { messageId });

  it('does so when all messages that were named are found, and says which are not', () => {
    const selector = createSelector({ messageIds: ['a', 'b'] });
    expect(selector.select([named('x'), named('b')])).toHaveLength(1);
    expect(selector).toMatchObject({ isDone: false, missing: ['a'] });
    selector.select([named('a')]);
    expect(selector).toMatchObject({ isDone: true, missing: [] });
  });

  it('does so at its limit, counting only those that fit', () => {
    const selector = createSelector({ errorName: 'Error', limit: 2 });
    const other = deadLetter('', { errorName: 'Other' });
    expect(selector.select([other, named('a'), named('b'), named('c')])).toHaveLength(2);
    expect(selector.isDone).toBe(true);
  });

  it('names those that are there and do not fit the rest of it apart from those that were not seen', () => {
    const selector = createSelector({ messageIds: ['a', 'b'], errorName: 'Other' });
    expect(selector.select([named('a')])).toEqual([]);
    expect(selector).toMatchObject({ missing: ['b'], mismatched: ['a'], isDone: false });
  });
});

describe('of dead letters whose reason cannot be read', () => {
  const unread = deadLetter('', { errorName: 'Unread', firstAt: 0 });

  it.each<[Selection, number, number]>([
    [{}, 1, 0],
    [{ messageIds: ['m'] }, 1, 0],
    [{ errorName: 'Unread' }, 1, 0],
    [{ errorName: 'Timeout' }, 0, 1],
    [{ olderThanSeconds: 60 }, 0, 1],
    [{ errorName: 'Timeout', eventId: 'another' }, 0, 0],
  ])('%j takes %i and cannot judge %i', (selection, taken, undecided) => {
    const selector = createSelector(selection);
    expect(selector.select([unread])).toHaveLength(taken);
    expect(selector.undecided).toBe(undecided);
  });
});
