import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import type { SagaUndo } from '../../../lib/contracts/saga/saga-item.ts';
import { undoing, withUndo } from '../../../lib/runtime/saga/compensations.ts';
import { orders } from './orders.ts';

const Returned = defineEvent({
  type: 'shop.StockReturned',
  version: 2,
  description: 'Stock came back.',
  data: z.object({ orderId: z.string(), channel: z.string() }),
  earlier: [
    {
      version: 1,
      data: z.object({ orderId: z.string() }),
      upcast: (data) => ({ ...data, channel: 'web' }),
    },
  ],
});
const saga = { ...orders.saga, emits: [Returned] };
const undo = { event: 'shop.StockReturned', data: { orderId: 'o-1' } };

describe('a compensation', () => {
  it('survives a new version of its event', () => {
    expect(undoing(saga, 'o-1', { ...undo, version: 1 })).toEqual({
      contract: Returned,
      data: { orderId: 'o-1', channel: 'web' },
    });
  });

  it('is of the newest version when it has that one, or was stored without one', () => {
    expect(undoing(saga, 'o-1', undo)).toEqual({ contract: Returned, data: undo.data });
    const newest = { ...undo, version: 2, data: { orderId: 'o-1', channel: 'store', later: 1 } };
    expect(undoing(saga, 'o-1', newest).data).toBe(newest.data);
  });

  it('of a version that the event no longer has, or does not have yet, says so', () => {
    expect(() => undoing(saga, 'o-1', { ...undo, version: 3 })).toThrow(
      expect.objectContaining({
        name: 'UnreadableSagaError',
        message: expect.stringMatching(
          /^saga o-1 undoes a move with version 3 of shop\.StockReturned, which cannot be converted to version 2: .*has the versions 1, 2, not 3; keep the version/,
        ),
      }),
    );
    expect(() => undoing(saga, 'o-1', { ...undo, version: 1, data: {} })).toThrow(/v1 breaks its contract/);
  });

  it('is stored with its version, and as it was given', () => {
    const data = { orderId: 'o-1', channel: 'web' };
    const undoes = withUndo([undo], Returned, data);
    data.channel = 'store';
    expect(undoes).toEqual([
      undo,
      { event: 'shop.StockReturned', version: 2, data: { orderId: 'o-1', channel: 'web' } },
    ]);
  });

  it('is refused when it alone is larger than an event may be', () => {
    // 1,000 bytes for the rest of the event.
    const empty = JSON.stringify({ orderId: '', channel: 'web' }).length;
    const data = (bytes: number) => ({ orderId: 'x'.repeat(bytes - 1_000 - empty), channel: 'web' });
    expect(withUndo([], Returned, data(262_144))).toHaveLength(1);
    expect(() => withUndo([], Returned, data(262_145))).toThrow(
      new TypeError(
        'the saga undoes a move with shop.StockReturned of 262145 bytes, and undo could not emit it: an event has at most 262144, and 1000 are counted for what it has beside its data',
      ),
    );
  });

  it('is refused when all of them could not be emitted together', () => {
    // 1,000 bytes for the rest of each event, and 2 for the data of the first ones.
    const full: SagaUndo[] = Array.from({ length: 388 }, () => ({ event: 'shop.StockReturned', data: {} }));
    const empty = { orderId: '', channel: 'web' };
    const last = (bytes: number) => ({
      ...empty,
      orderId: 'x'.repeat(bytes - 1_000 - JSON.stringify(empty).length),
    });
    expect(withUndo(full, Returned, last(390_000 - 388 * 1_002))).toHaveLength(389);
    expect(() => withUndo(full, Returned, last(390_001 - 388 * 1_002))).toThrow(
      'the saga would have 389 compensations of 390001 bytes together, and undo could not emit them: at most 390000',
    );
  });
});
