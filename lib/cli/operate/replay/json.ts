import type { ReplayState } from '../../../archive/replay/replay-state.ts';
import { isoTimes } from '../../terminal/iso-times.ts';

/** A replay as JSON. What only the function needs is not in it. */
export function replayJson(state: ReplayState): object {
  const {
    queueUrl: _,
    filterPolicy: __,
    filterPolicyScope: ___,
    round: ____,
    run: _____,
    ...visible
  } = state;
  const { plannedTo, cursor: ______, waitsSince: _______, knowsSince: ________, ...rest } = visible;
  const times = isoTimes(rest, 'from', 'to', 'createdAt', 'endedAt');
  return plannedTo === 0 ? times : { ...times, ...isoTimes({ plannedTo }, 'plannedTo') };
}
