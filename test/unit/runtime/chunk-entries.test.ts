import { expect, it } from 'vitest';
import { chunkEntries } from '../../../lib/aws/chunk-entries.ts';

const chunksOf = (sizes: readonly number[], maxEntries = 3, maxBytes = 10) =>
  chunkEntries(sizes, (size) => size, { maxEntries, maxBytes });

it.each([
  ['nothing is no batch', [], []],
  ['a full batch by count is one', [1, 1, 1], [[1, 1, 1]]],
  ['one more begins another', [1, 1, 1, 1], [[1, 1, 1], [1]]],
  ['a full batch by bytes is one', [4, 6], [[4, 6]]],
  ['a byte more begins another', [4, 7, 3], [[4], [7, 3]]],
  ['the bytes of a batch are counted anew', [9, 9, 1, 1], [[9], [9, 1], [1]]],
  ['what is too large goes alone', [1, 11, 1], [[1], [11], [1]]],
  ['and so it does when it is the first', [11, 1], [[11], [1]]],
])('%s', (_, sizes, expected) => {
  expect(chunksOf(sizes)).toEqual(expected);
});
