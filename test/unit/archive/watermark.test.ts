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
    received: seriesOf(100),
    deleted: seriesOf(100),
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
    const nothing = { waiting: none, inFlight: none, sent: none, received: none, deleted: none };
    expect(findOldest({ age: none, ...nothing }, NOW)).toBeUndefined();
    expect(findOldest(steady, NOW + 20 * MINUTE)).toBeUndefined();
  });

  it('is not known when the queue held more at one minute of the hours before', () => {
    const before = new Map([...steady.waiting, [NOW - 4 * MINUTE, 5_000] as const]);
    expect(findOldest({ ...steady, waiting: before }, NOW)).toBeUndefined();
  });

  it('is not known when messages came back, unless the queue was empty since', () => {
    const again = new Map([...steady.received, [NOW - 8 * MINUTE, 1_000] as const]);
    expect(findOldest({ ...steady, received: again }, NOW)).toBeUndefined();
    const emptied = (counts: Series) =>
      new Map([...counts, [NOW - 7 * MINUTE, 0] as const, [NOW - 6 * MINUTE, 0] as const]);
    const drained = { ...steady, received: again, age: seriesOf(60), waiting: seriesOf(0) };
    expect(findOldest({ ...drained, inFlight: seriesOf(100) }, NOW)).toBeUndefined();
    expect(findOldest({ ...drained, inFlight: emptied(seriesOf(100)) }, NOW)).toEqual({
      at: latest,
      ageSeconds: 60,
    });
  });

  it('is not known when only the first of minutes after a long silence have an age', () => {
    const first = new Map([[latest, 60] as const]);
    expect(findOldest({ ...steady, age: first, waiting: seriesOf(5_000) }, NOW)).toBeUndefined();
  });
});

describe('the watermark after an outage', () => {
  const MINUTE = 60;
  /** Seconds for which SQS hides what was received. */
  const HIDDEN = 660;

  interface Held {
    readonly sent: number;
    receives: number;
    visibleAt: number;
  }

  /** The metrics of a queue, minute by minute, with a message a second and a reader that acknowledges nothing during the outage. */
  function* minutesOf(outage: { readonly from: number; readonly to: number }) {
    let held: Held[] = [];
    const counts = () => new Map<number, number>();
    const [age, waiting, inFlight] = [counts(), counts(), counts()];
    const [sent, received, deleted] = [counts(), counts(), counts()];
    const add = (series: Map<number, number>, at: number, count: number) =>
      series.set(at, (series.get(at) ?? 0) + count);
    for (let second = -60 * MINUTE; second <= 90 * MINUTE; second++) {
      const at = NOW + Math.floor(second / MINUTE) * 60_000;
      held.push({ sent: second, receives: 0, visibleAt: second });
      const taken = held.filter(({ visibleAt }) => visibleAt <= second);
      for (const message of taken) {
        message.receives++;
        message.visibleAt = second + HIDDEN;
      }
      const isDown = second >= outage.from && second < outage.to;
      // It is busy with what it takes for a minute.
      const done = isDown ? [] : held.filter(({ visibleAt }) => visibleAt === second + HIDDEN - MINUTE);
      held = held.filter((message) => !done.includes(message));
      add(sent, at, 1);
      add(received, at, taken.length);
      add(deleted, at, done.length);
      if ((second + 3_600) % MINUTE !== MINUTE - 1) continue;
      const young = held.filter(({ receives }) => receives < 3);
      age.set(at, young.length > 0 ? second - Math.min(...young.map((message) => message.sent)) : 0);
      waiting.set(at, held.filter(({ visibleAt }) => visibleAt <= second).length);
      inFlight.set(at, held.filter(({ visibleAt }) => visibleAt > second).length);
      const oldest = NOW + Math.min(...held.map((message) => message.sent)) * 1_000;
      yield { at, oldest, series: { age, waiting, inFlight, sent, received, deleted } };
    }
  }

  it.each([[5], [15], [40], [55]])('of %i minutes is never after what is not archived', (minutes) => {
    for (const { at, oldest, series } of minutesOf({ from: 0, to: minutes * MINUTE })) {
      const found = findOldest(series, at + 60_000);
      if (!found) continue;
      const watermark = found.at - found.ageSeconds * 1_000 - WATERMARK_MARGIN_MS;
      expect(watermark, new Date(at).toISOString()).toBeLessThanOrEqual(oldest);
    }
  });

  it('is known all the time without one', () => {
    const unknown = [...minutesOf({ from: 0, to: 0 })].filter(
      ({ at, series }) => !findOldest(series, at + 60_000),
    );
    expect(unknown).toEqual([]);
  });
});
