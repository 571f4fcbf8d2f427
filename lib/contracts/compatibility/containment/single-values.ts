import type { Slice } from './slice.ts';
import { textLength } from './text/text-length.ts';

/** The numbers among values, as ranges with one number each. */
export function pointsOf(values: readonly unknown[]): readonly Slice['number'][] {
  return values
    .filter((value) => typeof value === 'number')
    .map((value) => ({ min: value, max: value, minExcluded: false, maxExcluded: false, steps: [] }));
}

/** The texts among values, as ranges with one text each. */
export function textsOf(values: readonly unknown[]): readonly Slice['text'][] {
  return values
    .filter((value) => typeof value === 'string')
    .map((value) => ({
      min: textLength(value),
      max: textLength(value),
      tests: [
        {
          key: `the text ${value}`,
          min: textLength(value),
          max: textLength(value),
          passes: (text: string) => text === value,
          samples: () => [],
        },
      ],
    }));
}
