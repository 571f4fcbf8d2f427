import { describe, expect, it } from 'vitest';
import { selectionOf } from '../../../../lib/archive/replay/accepts-event.ts';
import { createPace } from '../../../../lib/archive/replay/pace.ts';
import { NO_COUNTS, type PlannedTask, START } from '../../../../lib/archive/replay/replay-state.ts';
import { runTask, type TaskProgress } from '../../../../lib/archive/replay/run-task.ts';
import { archivedOf, eventOf, HOUR, objectOf, storeOf } from '../../../apps/archive/archive-objects.ts';

const selection = selectionOf({
  from: HOUR,
  to: HOUR + 1,
  types: [],
  sources: [],
  filterPolicyScope: 'MessageBody',
});

function taskOf(...counts: readonly number[]) {
  const objects = counts.map((count, index) => {
    const lines = Array.from({ length: count }, (_, n) => archivedOf(eventOf({ id: `${index}-${n}` })));
    return objectOf(lines, HOUR + index);
  });
  const task: PlannedTask = {
    number: 0,
    keys: objects.map(({ key }) => key),
    events: counts.reduce((sum, count) => sum + count, 0),
    bytes: 0,
    status: 'pending',
    checkpoint: START,
    counts: NO_COUNTS,
    saves: 0,
    problems: [],
  };
  return { task, store: storeOf(objects) };
}

/** Time that passes only while somebody sleeps. */
function clockAt(now = 0) {
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
  return clock;
}

function rig(task: PlannedTask, store: ReturnType<typeof storeOf>) {
  const sent: { readonly id: string; readonly at: number }[] = [];
  const saves: TaskProgress[] = [];
  const clock = clockAt();
  const options = {
    store,
    clock,
    selection,
    until: Number.POSITIVE_INFINITY,
    send: async (lines: readonly { readonly archived: { readonly id: string } }[]) => {
      sent.push(...lines.map(({ archived: { id } }) => ({ id, at: clock.now() })));
      return [];
    },
    save: async (progress: TaskProgress) => {
      saves.push(progress);
      return true;
    },
  };
  return { sent, saves, clock, options, run: (more: object = {}) => runTask(task, { ...options, ...more }) };
}

describe('a task at a pace', () => {
  it('has no second with more events than its rate', async () => {
    const { task, store } = taskOf(200);
    const { sent, clock, run } = rig(task, store);
    expect(await run({ pace: createPace({ perSecond: 7, parallel: 4 }, clock) })).toBe('done');
    for (const { at } of sent) {
      expect(sent.filter((other) => other.at >= at && other.at < at + 1_000).length).toBeLessThanOrEqual(7);
    }
    expect(Math.max(...sent.map(({ at }) => at))).toBeGreaterThanOrEqual(27_000);
  });

  it('stops before its time is over, and saves what it has sent', async () => {
    const { task, store } = taskOf(200);
    const { sent, saves, clock, run } = rig(task, store);
    expect(await run({ pace: createPace({ perSecond: 10, parallel: 4 }, clock), until: 5_500 })).toBe(
      'later',
    );
    const last = saves.at(-1);
    expect(last?.counts.sent).toBe(sent.length);
    expect(last?.checkpoint).toEqual({ object: 0, line: sent.length });
    expect(sent.length).toBeLessThan(200);
  });
});

describe('a task that goes on', () => {
  it.each([1, 999, 1_000, 1_500, 2_000])(
    'misses nothing and counts as if it had not stopped, after %i',
    async (stop) => {
      const { task, store } = taskOf(900, 1_300);
      const first = rig(task, store);
      const killed = async (...[lines]: Parameters<typeof first.options.send>) => {
        if (first.sent.length + lines.length > stop) throw new Error('killed');
        return first.options.send(lines);
      };
      await expect(first.run({ send: killed })).rejects.toThrow('killed');
      const saved = { ...task, ...first.saves.at(-1) };
      const second = rig(saved, store);
      expect(await second.run()).toBe('done');
      expect(new Set([...first.sent, ...second.sent].map(({ id }) => id)).size).toBe(2_200);
      expect(second.saves.at(-1)?.counts).toMatchObject({ read: 2_200, sent: 2_200, duplicates: 0 });
      // What is sent twice is what was not saved: at most a thousand lines, and what was under way.
      expect(first.sent.length + second.sent.length - 2_200).toBeLessThanOrEqual(1_040);
    },
  );

  it('knows a duplicate of what it has sent before it stopped', async () => {
    const { task, store } = taskOf(3);
    const twice = { ...task, keys: [...task.keys, ...task.keys] };
    const { sent, saves, run } = rig({ ...twice, checkpoint: { object: 0, line: 3 } }, store);
    await run();
    expect(sent).toEqual([]);
    expect(saves.at(-1)?.counts).toMatchObject({ read: 3, duplicates: 3 });
  });
});

it('counts what SQS will never take, and names it', async () => {
  const { task, store } = taskOf(5);
  const { saves, run } = rig(task, store);
  await run({ send: async () => ['SQS refused event 0-1: InvalidMessageContents: no'] });
  expect(saves.at(-1)).toMatchObject({
    counts: { read: 5, sent: 4, refused: 1 },
    problems: ['SQS refused event 0-1: InvalidMessageContents: no'],
  });
});
