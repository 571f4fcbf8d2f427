import type { Message } from '@aws-sdk/client-sqs';
import type { ControlMessage, TripMessage } from '../../../lib/intake/control-message.ts';
import type { PollingChange, Probed, TickPorts } from '../../../lib/intake/controller/controller-ports.ts';
import type { IntakeState } from '../../../lib/intake/intake-state.ts';

export const START = 1_000_000_000;

export const TRIP: TripMessage = {
  kind: 'trip',
  consumer: 'payroll',
  functionName: 'payroll-function',
  queueUrl: 'payroll-queue',
  queueArn: 'arn:aws:sqs:eu-west-1:1:payroll-queue',
  at: START,
  reason: 'the bank is down',
  cause: 'outage',
  probeEverySeconds: 30,
  timeoutSeconds: 20,
  version: 0,
};

export function messageOf(id: string, receiveCount = 1): Message {
  return {
    MessageId: id,
    ReceiptHandle: `handle-${id}`,
    Body: '{}',
    Attributes: { ApproximateReceiveCount: String(receiveCount), SentTimestamp: String(START) },
  };
}

/** The same of a consumer with a FIFO queue. */
export const FIFO_TRIP: TripMessage = { ...TRIP, queueArn: `${TRIP.queueArn}.fifo` };

/** A controller's world in memory: one consumer, with its state, its mapping and its queue. */
export function createRig() {
  const rig = {
    now: START,
    state: undefined as IntakeState | undefined,
    polling: 'on' as 'on' | 'off',
    change: 'done' as PollingChange,
    queue: [] as Message[],
    /** Messages that cannot be received, because they wait behind one of their message group. */
    behind: 0,
    deleted: [] as string[],
    probed: [] as (readonly [string, boolean])[],
    answers: [] as Probed[],
    /** For how many seconds the tick has hidden its message again, so that it can go on. */
    kept: [] as number[],
    hidden: [] as (readonly [string, number])[],
    renewed: [] as ControlMessage[],
    buried: [] as string[],
    counts: [] as boolean[],
    lines: [] as string[],
    /** Called before each change of the state. */
    beforeChange: () => undefined as undefined,
  };
  const ports: TickPorts = {
    now: () => rig.now,
    table: {
      read: async () => rig.state,
      all: async () => (rig.state ? [rig.state] : []),
      change: async (before, after) => {
        rig.beforeChange();
        if (rig.state?.version !== before?.version) return undefined;
        rig.state = { ...after, version: (before?.version ?? 0) + 1 };
        return rig.state;
      },
    },
    setPolling: async (_, wanted) => {
      if (rig.change === 'done') rig.polling = wanted;
      return rig.change;
    },
    queue: {
      receive: async () => rig.queue.shift(),
      delete: async (_, { MessageId = '' }) => void rig.deleted.push(MessageId),
      waiting: async () => rig.queue.length + rig.behind,
      limits: async () => ({ maxReceiveCount: 100, retentionSeconds: 1_000 }),
    },
    probe: async (_, { MessageId = '' }, { givesUp }) => {
      rig.probed.push([MessageId, givesUp]);
      return rig.answers.shift() ?? { answer: 'failed', keeps: true };
    },
    hide: async (handle, seconds) => void rig.hidden.push([handle, seconds]),
    endsAt: Number.POSITIVE_INFINITY,
    keepHidden: async (seconds) => void rig.kept.push(seconds),
    renew: async (message) => void rig.renewed.push(message),
    bury: async (body) => void rig.buried.push(body),
    count: (_, open) => void rig.counts.push(open),
    log: (line) => void rig.lines.push(line),
  };
  return { rig, ports };
}

export function stateOf(change: Partial<IntakeState> = {}): IntakeState {
  return {
    consumer: 'payroll',
    intake: 'tripped',
    since: START,
    version: 1,
    reason: 'the bank is down',
    ...change,
  };
}
