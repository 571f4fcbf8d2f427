import { afterEach, expect, it, vi } from 'vitest';
import { describeStall } from '../../../lib/cli/operate/events/describe-events.ts';
import type { ArchiveState } from '../../../lib/ops/archive/open-archive.ts';
import { followEvents } from '../../../lib/ops/archive/read-events.ts';

const NOW = Date.parse('2026-11-27T04:00:00Z');
const LOOK_MS = 30_000;
afterEach(() => void vi.useRealTimers());

/** Follows an archive with these watermarks, one for each look, with half a minute between them. @returns what was told */
async function follow(watermarks: readonly (number | null)[]): Promise<readonly ArchiveState[]> {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  const left = [...watermarks];
  const stalls: ArchiveState[] = [];
  const stop = new AbortController();
  await followEvents(
    {
      store: {
        async *list() {},
        open: () => Promise.reject(new Error('there is no object')),
      },
      beginLook: async () => async () => {
        const watermark = left.shift() ?? null;
        vi.setSystemTime(Date.now() + LOOK_MS);
        if (left.length === 0) stop.abort();
        return { watermark, missing: 0, problems: [] };
      },
    },
    {
      wanted: { from: NOW - 60_000, to: Number.POSITIVE_INFINITY },
      onEvent: () => undefined,
      onStall: (state) => void stalls.push(state),
      signal: stop.signal,
      pollMs: 1,
    },
  );
  return stalls;
}

it('is told once when the watermark does not move for more than a minute, and again after it has moved', async () => {
  const still = [NOW, NOW, NOW, NOW, NOW, NOW];
  expect(await follow(still)).toMatchObject([{ watermark: NOW }]);
  expect(await follow([null, null, null, null])).toMatchObject([{ watermark: null }]);
  expect(await follow([...still, NOW + 1, NOW + 1, NOW + 1, NOW + 1])).toHaveLength(2);
});

it('is told nothing while it moves', async () => {
  expect(await follow([1, 2, 3, 4, 5, 6].map((minute) => NOW + minute * 60_000))).toEqual([]);
});

it('names how far the archive is, or that it is not known', () => {
  const state = { watermark: NOW, missing: 0, problems: [] };
  expect(describeStall(state)[0]).toContain('complete up to 2026-11-27 04:00:00Z and no further');
  expect(describeStall({ ...state, watermark: null })[0]).toContain('not known');
});
