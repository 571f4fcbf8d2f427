import { throttled } from '../dynamodb/errors.ts';
import type { Call, Disturbance } from '../process/call.ts';
import type { Chance } from './chance.ts';

/** How often something goes wrong with a call, as long as the run has faults left: it is about the handler's calls. */
const FAULT_PROBABILITY = { handler: 0.5, runtime: 0.1 };

/** The faults of one run: few enough that the end of it has no faults, and that a person can follow it. */
export interface Faults {
  readonly disturb: (call: Call) => Disturbance;
  /** Whether a fault of another kind happens now: it is taken from the same few. */
  strike(probability: number): boolean;
}

interface FaultProps {
  readonly chance: Chance;
  /** How many faults the run has. */
  readonly count: number;
  /** How long an invocation may last, in milliseconds. */
  readonly timeoutMs: number;
}

export function createFaults({ chance, count, timeoutMs }: FaultProps): Faults {
  let left = count;
  const strike = (probability: number): boolean => {
    if (left === 0 || !chance.happens(probability)) return false;
    left -= 1;
    return true;
  };
  return {
    strike,
    disturb: (call) => {
      const { handler, runtime } = FAULT_PROBABILITY;
      return strike(call.byHandler ? handler : runtime) ? choose(call, chance, timeoutMs) : {};
    },
  };
}

function choose({ service }: Call, chance: Chance, timeoutMs: number): Disturbance {
  const refusal = service === 'DynamoDB' ? throttled() : connectionReset(service);
  const disturbances: readonly Disturbance[] = [
    { crash: 'before' },
    { crash: 'after' },
    { refusal },
    { lostAnswer: true },
    { repeated: true },
    { delayMs: timeoutMs },
    { freezeMs: timeoutMs * 2 },
  ];
  return disturbances[chance.below(disturbances.length)] ?? {};
}

function connectionReset(service: string): Error {
  return Object.assign(new Error(`the connection to ${service} was reset`), {
    name: 'TimeoutError',
    code: 'ECONNRESET',
    $retryable: {},
  });
}
