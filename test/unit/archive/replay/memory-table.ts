import type { StateChange } from '../../../../lib/archive/replay/change-state.ts';
import { addCounts, difference } from '../../../../lib/archive/replay/replay-items.ts';
import type { PlannedTask, ReplayState } from '../../../../lib/archive/replay/replay-state.ts';
import type { ReplayTable } from '../../../../lib/archive/replay/replay-table.ts';

/** The table of replays in memory, with the conditions of the real one. */
export function createMemoryTable(): ReplayTable {
  const states = new Map<string, ReplayState>();
  const tasks = new Map<string, readonly PlannedTask[]>();
  const tasksOf = (id: string): readonly PlannedTask[] => tasks.get(id) ?? [];
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
      const kept = change.nextRun ? { ...state, problem: undefined, waitsSince: undefined } : state;
      const changed = { ...kept, ...change.set, status: change.status, run };
      states.set(id, changed);
      return changed;
    },
    async *tasksOf(id, from = 0) {
      yield* tasksOf(id).slice(from);
    },
    task: async (id, number) => tasksOf(id)[number],
    keysOf: async (id, number) => tasksOf(id)[number]?.keys ?? [],
    addTasks: async ({ id, run, round, tasks: before }, added, cursor) => {
      const state = states.get(id);
      const isOf = state?.run === run && state.round === round && state.tasks === before;
      if (!isOf || !['planning', 'running'].includes(state.status)) return undefined;
      const all = [...tasksOf(id), ...added];
      tasks.set(id, all);
      const sum = (of: (task: PlannedTask) => number) => all.reduce((total, task) => total + of(task), 0);
      const totals = {
        tasks: all.length,
        objects: sum(({ keys }) => keys.length),
        events: sum((one) => one.events),
      };
      const changed = { ...state, ...totals, bytes: sum(({ bytes }) => bytes), cursor };
      states.set(id, changed);
      return changed;
    },
    save: async (id, before, after) => {
      const [state, task] = [states.get(id), tasksOf(id)[before.number]];
      if (!state || task?.saves !== before.saves) return false;
      tasks.set(id, tasksOf(id).with(before.number, { ...task, ...after, saves: before.saves + 1 }));
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
