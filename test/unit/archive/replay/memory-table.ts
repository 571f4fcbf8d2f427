import type { StateChange } from '../../../../lib/archive/replay/change-state.ts';
import { addCounts, difference } from '../../../../lib/archive/replay/replay-items.ts';
import type { ReplayState, ReplayTask } from '../../../../lib/archive/replay/replay-state.ts';
import type { ReplayTable } from '../../../../lib/archive/replay/replay-table.ts';

/** The table of replays in memory, with the conditions of the real one. */
export function createMemoryTable(): ReplayTable {
  const states = new Map<string, ReplayState>();
  const tasks = new Map<string, ReplayTask[]>();
  const tasksOf = (id: string): ReplayTask[] => tasks.get(id) ?? [];
  return {
    create: async (state) => {
      if (states.has(state.id)) return false;
      states.set(state.id, state);
      return true;
    },
    read: async (id) => states.get(id),
    latest: async () => [...states.values()],
    change: async (id, change) => {
      const state = states.get(id);
      if (!state || !mayChange(state, change)) return undefined;
      const run = change.nextRun ? state.run + 1 : state.run;
      const changed = { ...state, ...change.set, status: change.status, run };
      states.set(id, changed);
      return changed;
    },
    async *tasksOf(id) {
      yield* tasksOf(id);
    },
    task: async (id, number) => tasksOf(id)[number],
    addTasks: async (id, added) => {
      const all = [...tasksOf(id)];
      for (const task of added) all[task.number] = task;
      tasks.set(id, all);
    },
    save: async (id, before, after) => {
      const [state, task] = [states.get(id), tasksOf(id)[before.number]];
      if (!state || task?.saves !== before.saves) return false;
      tasks.set(id, tasksOf(id).with(before.number, { ...after, saves: before.saves + 1 }));
      const isDone = after.status === 'done' && before.status !== 'done';
      const counts = addCounts(state, difference(after.counts, before.counts));
      states.set(id, { ...state, ...counts, doneTasks: state.doneTasks + (isDone ? 1 : 0) });
      return true;
    },
  };
}

function mayChange({ status, round }: ReplayState, { from, inRound }: StateChange): boolean {
  return from.includes(status) && (inRound === undefined || inRound === round);
}
