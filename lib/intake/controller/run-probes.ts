import type { Message } from '@aws-sdk/client-sqs';
import type { TripMessage } from '../control-message.ts';
import type { IntakeState } from '../intake-state.ts';
import type { ControllerPorts, TickPorts } from './controller-ports.ts';
import { isOverdue, mayGiveUp } from './give-up.ts';
import { probeIntervalSeconds, sparedIntervalSeconds } from './probe-interval.ts';
import { probeSeconds } from './probe-time.ts';

/** When the next probe is. */
interface NextProbe {
  /** Of any message. */
  readonly nextInSeconds: number;
  /** If others wait than the message of the last probe. */
  readonly othersInSeconds: number;
}

/** How the probes of one tick ended. */
export type ProbeResult = {
  /** The state as the probes have left it. */
  readonly state: IntakeState;
} & (
  | { readonly status: 'passed' }
  /** Nothing is proven. */
  | ({ readonly status: 'open' } & NextProbe)
);

/** After an event that says nothing the next one is probed at once, at most so often in one tick. */
const MAX_PROBES = 5;
/** Failed probes of one tick. */
const MAX_FAILED = 2;
/** Below so many receives no queue is near its limit, so its limits need not be read. */
const FEW_RECEIVES = 10;
const MS_PER_SECOND = 1_000;

/**
 * Probes a consumer: one event, or some when the first ones say nothing of what the consumer calls.
 *
 * @param before the state as it was read
 */
export async function runProbes(
  ports: TickPorts,
  trip: TripMessage,
  before: IntakeState,
): Promise<ProbeResult> {
  const { queue, log } = ports;
  const { consumer, queueUrl, probeEverySeconds } = trip;
  let state = before;
  let next: NextProbe = { nextInSeconds: probeEverySeconds, othersInSeconds: probeEverySeconds };
  let failed = 0;
  let other: Message | undefined;
  const seconds = probeSeconds(trip);
  for (let count = 0; count < MAX_PROBES; count++) {
    if (ports.now() + seconds * MS_PER_SECOND > ports.endsAt) break;
    const message = other ?? (await queue.receive(queueUrl));
    if (!message) break;
    if (count > 0) await ports.keepHidden(seconds);
    other = undefined;
    let givesUp = false;
    if (count === 0 && isOverdue(ports, trip, { state, message })) {
      other = await queue.receive(queueUrl);
      ({ state, givesUp } = await mayGiveUp(ports, trip, { state, other }));
    }
    const { answer, keeps } = await ports.probe(trip, message, { givesUp });
    if (!keeps) await queue.delete(queueUrl, message);
    if (answer === 'passed') return { status: 'passed', state };
    // What has left the queue needs its receives no more.
    if (keeps) next = later(next, await intervalAfter(ports, trip, message));
    log(answer === 'failed' ? 'the probe has failed' : 'the probe says nothing', { consumer, ...next });
    if (answer === 'failed') failed += 1;
    // One that was received often may fail for its own reason, and be the first in its message group: another one is asked too.
    if (failed >= MAX_FAILED || (failed > 0 && isSeldomReceived(message))) break;
  }
  return { status: 'open', ...next, state };
}

function isSeldomReceived({ Attributes = {} }: Message): boolean {
  return Number(Attributes.ApproximateReceiveCount) <= FEW_RECEIVES;
}

function later(one: NextProbe, other: NextProbe): NextProbe {
  return {
    nextInSeconds: Math.max(one.nextInSeconds, other.nextInSeconds),
    othersInSeconds: Math.max(one.othersInSeconds, other.othersInSeconds),
  };
}

async function intervalAfter(
  { queue, now }: ControllerPorts,
  { queueUrl, probeEverySeconds }: TripMessage,
  { Attributes = {} }: Message,
): Promise<NextProbe> {
  const receiveCount = Number(Attributes.ApproximateReceiveCount);
  if (receiveCount <= FEW_RECEIVES)
    return { nextInSeconds: probeEverySeconds, othersInSeconds: probeEverySeconds };
  const probe = { receiveCount, sentAt: Number(Attributes.SentTimestamp) };
  const limits = await queue.limits(queueUrl);
  const nextInSeconds = probeIntervalSeconds({ probeEverySeconds, probe, limits, now: now() });
  return {
    nextInSeconds,
    othersInSeconds: Math.min(nextInSeconds, sparedIntervalSeconds({ probe, limits })),
  };
}
