import type { TripMessage } from '../../../../lib/intake/control-message.ts';
import type { IntakeState } from '../../../../lib/intake/intake-state.ts';
import type { BatchItem, Outcome } from '../../../../lib/runtime/batch/batch-item.ts';
import { createBreaker } from '../../../../lib/runtime/breaker/breaker.ts';
import type { IdempotencyRecord } from '../../../../lib/runtime/idempotency/record.ts';
import { jobsOf, recordOf } from '../batch-items.ts';

export const START = 1_000_000;

/** A breaker of a process, with what it has asked and told. */
export function createRig({ after = 3, maxAttempts = 5 } = {}) {
  const rig = {
    now: START,
    looks: 0,
    state: undefined as IntakeState | undefined,
    readable: true,
    sendable: true,
    sent: [] as TripMessage[],
    lines: [] as string[],
  };
  const breaker = createBreaker({
    policy: { after, probeEverySeconds: 30 },
    maxAttempts,
    timeoutSeconds: 20,
    places: {
      consumer: 'payroll',
      functionName: 'payroll-function',
      queueUrl: 'payroll-queue',
      controlQueueUrl: 'control',
      intakeTable: 'intake',
    },
    ports: {
      readState: async () => {
        rig.looks++;
        if (!rig.readable) throw new Error('no answer');
        return rig.state;
      },
      sendTrip: async (message) => {
        if (!rig.sendable) throw new Error('no answer');
        rig.sent.push(message);
      },
    },
    clock: { now: () => rig.now, sleep: async () => undefined },
    log: (line) => void rig.lines.push(line),
  });
  return { rig, breaker };
}

export function stateOf(change: Partial<IntakeState>): IntakeState {
  return {
    consumer: 'payroll',
    intake: 'tripped',
    since: START,
    version: 1,
    reason: 'the bank is down',
    ...change,
  };
}

/** An event that a handler has begun with, for the how-manieth time, and after an attempt at `failedBefore`. */
export function itemOf(
  id: string,
  { attempt = 1, failedBefore }: { attempt?: number; failedBefore?: number } = {},
): BatchItem {
  const earlier =
    failedBefore === undefined ? undefined : ({ lastActiveAt: failedBefore } as IdempotencyRecord);
  const [item] = jobsOf([recordOf(id)], { attempt, earlier, claimed: true });
  if (!item) throw new Error('the test has no item');
  return item;
}

export const completed: Outcome = { status: 'completed', committed: false, outbox: [] };
export const failed = (error: Error): Outcome => ({ status: 'failed', error, recorded: true, digests: [] });
