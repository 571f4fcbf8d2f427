import type { PauseMessage } from '../control-message.ts';
import { type ControllerPorts, LONGEST_TICK_SECONDS, SOON, type Tick } from './controller-ports.ts';

const MS_PER_SECOND = 1_000;

/** One tick of a pause that ends by itself. A pause without an end, or one that somebody has ended, needs no timer. */
export async function tickPause(ports: ControllerPorts, message: PauseMessage): Promise<Tick> {
  const { consumer, functionName } = message;
  const state = await ports.table.read(consumer);
  if (state?.intake === 'paused') {
    const { until = Number.POSITIVE_INFINITY } = state;
    const seconds = Math.ceil((until - ports.now()) / MS_PER_SECOND);
    if (seconds > 0) {
      // A deployment may have turned polling on again.
      if ((await ports.setPolling(functionName, 'off')) === 'busy') return SOON;
      return state.until === undefined ? 'done' : { againInSeconds: Math.min(LONGEST_TICK_SECONDS, seconds) };
    }
    const { reason, by, closedAt } = state;
    const flowing = { consumer, reason, by, closedAt, intake: 'flowing', since: ports.now() } as const;
    if (!(await ports.table.change(state, flowing))) return SOON;
    ports.log('the pause is over', { consumer });
  } else if (state?.intake === 'tripped') return 'done';
  // What has written that the intake flows may have ended before it turned polling on.
  return (await ports.setPolling(functionName, 'on')) === 'busy' ? SOON : 'done';
}
