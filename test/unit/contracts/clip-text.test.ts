import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipText } from '../../../lib/contracts/text/clip-text.ts';

describe('clipText', () => {
  it('never cuts a character in two, and keeps as much as it may', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 20 }), (text, max) => {
        const clipped = clipText(text, max);
        expect(clipped.isWellFormed()).toBe(true);
        expect(Array.from(clipped)).toEqual(Array.from(text.toWellFormed()).slice(0, max));
      }),
    );
  });

  it('replaces halves of surrogate pairs, also in a text that is short enough', () => {
    expect(clipText('a\uD83D', 10)).toBe('a\uFFFD');
  });
});
