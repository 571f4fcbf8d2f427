import { describe, expect, it } from 'vitest';
import { findOldest, type QueueSeries, type Series } from '../../../lib/archive/read/find-oldest.ts';
import {
  readWatermark,
  WATERMARK_MARGIN_MS,
  type WatermarkPorts,
} from '../../../lib/archive/read/watermark.ts';

const NOW = Date.parse('2026-11-27T04:30:00Z');

function ports(looks: number[], oldest?: { at: number; ageSeconds: number }): WatermarkPorts {
  let now = NOW;
  return {
    look: async () => ({ messages: looks.shift() ?? 0 }),
    oldestAge: async () => oldest,
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
  };
}

describe('the watermark', () => {
  it('is the first look at a queue that is empty twice, without the margin', async () => {
    expect(await readWatermark(ports([0, 0]))).toBe(NOW - WATERMARK_MARGIN_MS);
    expect(await readWatermark(ports([0, 0]), 1_000)).toBe(NOW - 1_000);
  });

  it.each([[[3]], [[0, 3]]])('is the arrival of the oldest message when it is not, at %j', async (looks) => {
    const oldest = { at: NOW - 120_000, ageSeconds: 240 };
    expect(await readWatermark(ports(looks, oldest), 1_000)).toBe(NOW - 361_000);
  });

  it('is never after now, whatever the clock of CloudWatch says', async () => {
    expect(await readWatermark(ports([1], { at: NOW + 60_000, ageSeconds: 0 }), 1_000)).toBe(NOW - 1_000);
  });

  it('is not known when there are messages of no known age', async () => {
    expect(await readWatermark(ports([1]))).toBeUndefined();
  });
});

describe('the oldest message of a queue, by its metrics', () => {
  const MINUTE = 60_000;
  /** Ten minutes of the queue, of which the latest is two minutes old. */
  const seriesOf = (value: number): Series =>
    new Map(Array.from({ length: 10 }, (_, index) => [NOW - (11 - index) * MINUTE, value]));
  /** A hundred messages a minute, of which those of five minutes are in the queue. */
  const steady: QueueSeries = {
    age: seriesOf(300),
    waiting: seriesOf(200),
    inFlight: seriesOf(300),
    sent: seriesOf(100),
  };
  const latest = NOW - 2 * MINUTE;

  it('is as old as the latest minute says', () => {
    expect(findOldest(steady, NOW)).toEqual({ at: latest, ageSeconds: 300 });
    const younger = { ...steady, age: new Map([...steady.age, [latest, 240] as const]) };
    expect(findOldest(younger, NOW)).toEqual({ at: latest, ageSeconds: 240 });
  });

  it('is not known when the queue holds more than was sent since, as after an outage', () => {
    expect(findOldest({ ...steady, waiting: seriesOf(5_000) }, NOW)).toBeUndefined();
  });

  it('is not known when it is older than what is looked at', () => {
    expect(findOldest({ ...steady, age: seriesOf(7 * 3_600) }, NOW)).toBeUndefined();
  });

  it('is not known when CloudWatch says nothing, or nothing of the last minutes', () => {
    const none: Series = new Map();
    expect(findOldest({ age: none, waiting: none, inFlight: none, sent: none }, NOW)).toBeUndefined();
    expect(findOldest(steady, NOW + 20 * MINUTE)).toBeUndefined();
  });
});
