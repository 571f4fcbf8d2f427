import type { Message } from '@aws-sdk/client-sqs';
import type { TripMessage } from '../control-message.ts';
import type { ControllerPorts } from './controller-ports.ts';
import { probeIntervalSeconds } from './probe-interval.ts';

/** How the probes of one tick ended. */
export type ProbeResult =
  | { readonly status: 'passed' }
  /** Nothing is proven: the next tick is after so many seconds. */
  | { readonly status: 'open'; readonly nextInSeconds: number };

/** After an event that says nothing the next one is probed at once, at most so often in one tick. */
const MAX_PROBES = 5;
/** Failed probes of one tick. */
const MAX_FAILED = 2;
/** Below so many receives no queue is near its limit, so its limits need not be read. */
const FEW_RECEIVES = 10;

/** Probes a consumer: one event, or some when the first ones say nothing of what the consumer calls. */
export async function runProbes(ports: ControllerPorts, trip: TripMessage): Promise<ProbeResult> {
  const { queue, log } = ports;
  const { consumer, queueUrl, probeEverySeconds } = trip;
  let nextInSeconds = probeEverySeconds;
  let failed = 0;
  for (let count = 0; count < MAX_PROBES; count++) {
    const message = await queue.receive(queueUrl);
    if (!message) break;
    const { answer, keeps } = await ports.probe(trip, message);
    if (!keeps) await queue.delete(queueUrl, message);
    if (answer === 'passed') return { status: 'passed' };
    nextInSeconds = Math.max(nextInSeconds, await intervalAfter(ports, trip, message));
    log(answer === 'failed' ? 'the probe has failed' : 'the probe says nothing', { consumer, nextInSeconds });
    if (answer === 'failed') failed += 1;
    // One that was received often may fail for its own reason, and be the first in its message group: another one is asked too.
    if (failed >= MAX_FAILED || (failed > 0 && isSeldomReceived(message))) break;
  }
  return { status: 'open', nextInSeconds };
}

function isSeldomReceived({ Attributes = {} }: Message): boolean {
  return Number(Attributes.ApproximateReceiveCount) <= FEW_RECEIVES;
}

async function intervalAfter(
  { queue, now }: ControllerPorts,
  { queueUrl, probeEverySeconds }: TripMessage,
  { Attributes = {} }: Message,
): Promise<number> {
  const receiveCount = Number(Attributes.ApproximateReceiveCount);
  if (receiveCount <= FEW_RECEIVES) return probeEverySeconds;
  const probe = { receiveCount, sentAt: Number(Attributes.SentTimestamp) };
  return probeIntervalSeconds({ probeEverySeconds, probe, limits: await queue.limits(queueUrl), now: now() });
}
