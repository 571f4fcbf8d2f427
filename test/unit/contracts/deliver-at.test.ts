import { expect, it } from 'vitest';
import { deliverAtOf } from '../../../lib/contracts/envelope/deliver-at.ts';
import { checkNewEnvelope } from '../../../lib/contracts/envelope/envelope.ts';

it.each([
  [{ at: new Date(-62_167_219_200_000) }, '0000-01-01T00:00:00.000Z'],
  [{ at: new Date(-62_167_219_200_001) }, '0000-01-01T00:00:00.000Z'],
  [{ in: -1e12 }, '0000-01-01T00:00:00.000Z'],
  [{ at: new Date(-62_167_219_199_999) }, '0000-01-01T00:00:00.001Z'],
])('a time that has passed is at once, also before the year 0: %o', (options, deliverat) => {
  expect(deliverAtOf(options, 0)).toBe(deliverat);
  const event = { specversion: '1.0', id: 'e', source: '/test', type: 'test.Passed.v1', deliverat };
  expect(checkNewEnvelope(event, 0)).toEqual({ event });
});
