import { describe, expect, it } from 'vitest';
import { NO_COUNTS, type ReplayState } from '../../../lib/archive/replay/replay-state.ts';
import { describeReplay, replayLine } from '../../../lib/cli/operate/replay/describe-replay.ts';

const AT = Date.parse('2026-11-27T04:00:00Z');
const STATE: ReplayState = {
  ...NO_COUNTS,
  ...{ id: 'r-1', consumer: 'email', queueUrl: 'https://sqs/email', filterPolicyScope: 'MessageAttributes' },
  ...{ from: 0, to: AT, types: [], sources: [], mode: 'fill', rate: 1, status: 'planning', knowsSince: 0 },
  ...{ createdAt: AT, createdBy: 'test', lanes: 1, run: 1, round: 2, plannedTo: AT - 60_000 },
  ...{ tasks: 2, doneTasks: 2, objects: 2, events: 10, bytes: 100, read: 6, sent: 4 },
};
const shown = (change: Partial<ReplayState> = {}): string => describeReplay({ ...STATE, ...change }, []);

describe('a replay that has sent all that is archived', () => {
  it('says up to when the archive has to be complete, and how far it is', () => {
    expect(shown()).toContain(
      'planning: waits until the archive is complete up to 2026-11-27 04:00:00Z; it is up to 2026-11-27 03:59:00Z',
    );
    expect(shown({ plannedTo: 0 })).toContain('04:00:00Z; how far it is, is not known');
  });

  it('waits for nothing while it sends, lists for the first time, or is done', () => {
    expect(shown({ doneTasks: 1 })).not.toContain('waits');
    expect(shown({ round: 0, tasks: 0, doneTasks: 0, plannedTo: 0 })).not.toContain('waits');
    expect(shown({ status: 'done' })).not.toContain('waits');
  });
});

it('counts events, and beside them the lines and objects that are unreadable', () => {
  const counts = { read: 6, sent: 6, unreadable: 2 };
  expect(shown(counts)).toContain('6 events read, 6 sent, 0 not wanted; 2 lines or objects unreadable');
  expect(replayLine({ ...STATE, ...counts, status: 'done' })).toBe(
    'replay r-1 to email (fill): done, 6 of 10 events read, 6 sent; 2 lines or objects unreadable',
  );
  expect(replayLine({ ...STATE, unreadable: 0 })).toMatch(/6 of 10 events read, 4 sent$/);
});
