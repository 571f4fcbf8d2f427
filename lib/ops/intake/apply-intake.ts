import type { IntakeState } from '../../intake/intake-state.ts';
import { messageOf } from '../problem.ts';
import type { IntakePorts, IntakeTarget } from './intake-ports.ts';

/** Lambda needs up to a minute for a change, and an earlier change may have to end first. */
export const APPLY_LIMIT_SECONDS = 150;
const LOOK_EVERY_MS = 2_000;

/**
 * Lets Lambda poll the queue of a consumer, or stops it, as its state says; and waits until Lambda does. When somebody changes the state meanwhile,
 * the later state is applied: after two changes at once, Lambda does what the table says.
 *
 * @param written the state that was written or read last; undefined when there is none, which means that it flows
 * @returns the state that was applied
 * @throws Error when Lambda does not do it; the state stays as it is written, and the same command can be repeated
 */
export async function applyIntake(
  ports: IntakePorts,
  { key, label }: IntakeTarget,
  written: IntakeState | undefined,
): Promise<IntakeState | undefined> {
  for (let state = written; ; ) {
    const wanted = (state?.intake ?? 'flowing') === 'flowing' ? 'on' : 'off';
    try {
      await bringPolling(ports, wanted);
    } catch (cause) {
      const is = wanted === 'on' ? 'takes messages' : 'is stopped';
      const polling = wanted === 'on' ? 'does not poll its queue yet' : 'may still poll its queue';
      throw new Error(
        `it is written down that ${label} ${is}, but Lambda ${polling}: ${messageOf(cause)}; repeat the command`,
        { cause },
      );
    }
    const now = await ports.table.read(key);
    if (now?.version === state?.version) return state;
    state = now;
  }
}

/** @throws Error when Lambda has not done it within the limit */
async function bringPolling(ports: IntakePorts, wanted: 'on' | 'off'): Promise<void> {
  const { mapping, clock, onWait } = ports;
  const startedAt = clock.now();
  for (;;) {
    const polling = await mapping.read();
    if (polling === wanted) return;
    if (polling !== 'changing') {
      await setUnlessInUse(mapping, wanted);
      if ((await mapping.read()) === wanted) return;
    }
    const seconds = Math.round((clock.now() - startedAt) / 1_000);
    if (seconds >= APPLY_LIMIT_SECONDS)
      throw new Error(`the change of its event source mapping has not ended after ${seconds} s`);
    onWait?.(seconds);
    await clock.sleep(LOOK_EVERY_MS);
  }
}

async function setUnlessInUse(mapping: IntakePorts['mapping'], wanted: 'on' | 'off'): Promise<void> {
  try {
    await mapping.set(wanted);
  } catch (error) {
    // An earlier change has not ended. The caller looks again in some seconds.
    if (!(error instanceof Error) || error.name !== 'ResourceInUseException') throw error;
  }
}
