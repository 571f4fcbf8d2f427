import { describe, expect, it } from 'vitest';
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
