import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPorts } from '../../../archive/replay/control-replay.ts';
import { isEnded, type ReplayState } from '../../../archive/replay/replay-state.ts';
import { replayNamed } from '../../../ops/replay/open-replays.ts';
import { createProgress } from '../../terminal/progress.ts';

const LOOK_EVERY_MS = 1_000;

/** Shows how far a replay is, until it has ended, is paused or has failed, or the signal fires. @returns its last state */
export async function followReplay(
  ports: ControlPorts,
  id: string,
  signal: AbortSignal,
): Promise<ReplayState> {
  const progress = createProgress(process.stderr, 'Replaying');
  for (;;) {
    const state = await replayNamed(ports, id);
    progress.update(state.read, { total: state.events, note: noteOf(state) });
    if (signal.aborted || isEnded(state) || state.status === 'paused' || state.status === 'failed') {
      progress.finish();
      return state;
    }
    // The signal ends the sleep, and then the loop.
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

function noteOf({ status, sent, tasks, doneTasks }: ReplayState): string {
  const waits = status === 'planning' && tasks > 0 && doneTasks === tasks;
  return `${sent} sent${waits ? ', waiting for what is not archived yet' : ''}`;
}
