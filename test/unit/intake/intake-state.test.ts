import { expect, it } from 'vitest';
import { intakeItem, readIntakeState } from '../../../lib/intake/intake-state.ts';

it('reads what it has written, every field', () => {
  const state = {
    consumer: 'payroll',
    intake: 'tripped',
    since: 1,
    version: 2,
    reason: 'r',
    cause: 'alike',
    errorName: 'RangeError',
    by: 'anna',
    until: 3,
    nextProbeAt: 4,
    sparedUntil: 5,
    closedAt: 6,
    gaveUpAt: 7,
  } as const;
  expect(readIntakeState(intakeItem(state))).toEqual(state);
});
