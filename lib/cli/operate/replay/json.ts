import type { ReplayState } from '../../../archive/replay/replay-state.ts';
import { isoTimes } from '../../terminal/iso-times.ts';

/** A replay as JSON. What only the function needs is not in it. */
export function replayJson(state: ReplayState): object {
  const { queueUrl: _, filterPolicy: __, filterPolicyScope: ___, round: ____, run: _____, ...shown } = state;
  return isoTimes(shown, 'from', 'to', 'createdAt', 'endedAt', 'plannedTo');
}
