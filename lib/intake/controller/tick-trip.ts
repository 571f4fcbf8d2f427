import { sendableText } from '../../contracts/text/sendable-text.ts';
import type { TripMessage } from '../control-message.ts';
import type { IntakeState } from '../intake-state.ts';
import {
  type ControllerPorts,
  LONGEST_TICK_SECONDS,
  SOON,
  type Tick,
  type TickPorts,
} from './controller-ports.ts';
import { type ProbeResult, runProbes } from './run-probes.ts';

const MS_PER_SECOND = 1_000;

/**
 * One tick of an open breaker. The state is written before the mapping is changed, and both are looked at again at each tick: it may end at
 * any point, and the next one goes on.
 */
export async function tickTrip(ports: TickPorts, trip: TripMessage): Promise<Tick> {
  const state = await ports.table.read(trip.consumer);
  // Somebody has stopped it by hand: it flows again when he says so, and not because of a probe.
  if (state?.intake === 'paused') return end(ports, trip);
  if (state?.intake === 'tripped') return keepOpen(ports, trip, state);
  if (state && state.version > trip.version) return resume(ports, trip);
  const opened = await ports.table.change(state, openState(ports, trip, state));
  if (!opened) return SOON;
  ports.log('the intake is stopped', { consumer: trip.consumer, reason: trip.reason });
  return keepOpen(ports, trip, opened);
}

function openState(
  { now }: ControllerPorts,
  { consumer, reason, cause, errorName, probeEverySeconds }: TripMessage,
  before: IntakeState | undefined,
): Omit<IntakeState, 'version'> {
  const since = now();
  return {
    consumer,
    // Functions of version 0.5.0 send both as they are.
    reason: sendableText(reason),
    cause,
    errorName: errorName === undefined ? undefined : sendableText(errorName),
    since,
    intake: 'tripped',
    nextProbeAt: since + probeEverySeconds * MS_PER_SECOND,
    closedAt: before?.closedAt,
  };
}

async function keepOpen(ports: TickPorts, trip: TripMessage, state: IntakeState): Promise<Tick> {
  const { consumer, functionName } = trip;
  const { nextProbeAt = 0, sparedUntil = 0 } = state;
  ports.count(consumer, true);
  // A deployment may have turned polling on again.
  const polling = await ports.setPolling(functionName, 'off');
  if (polling === 'gone') return close(ports, trip, { ...state, reason: 'the consumer is gone' });
  if (polling === 'busy') return SOON;
  const waitSeconds = (nextProbeAt - ports.now()) / MS_PER_SECOND;
  if (waitSeconds > 0) return again(waitSeconds);
  // Only the message that has few receives left is there: it is probed when its time has come.
  if (sparedUntil > ports.now() && (await ports.queue.waiting(trip.queueUrl)) <= 1)
    return again(LONGEST_TICK_SECONDS);
  const result = await runProbes(ports, trip, state);
  if (result.status === 'passed') return close(ports, trip, { ...result.state, closedAt: ports.now() });
  const next = stateAfter(result, ports.now());
  // If somebody else has changed it, the next tick sees what.
  return (await ports.table.change(result.state, next)) ? again(result.othersInSeconds) : SOON;
}

function stateAfter(
  { state, nextInSeconds, othersInSeconds }: ProbeResult & { readonly status: 'open' },
  now: number,
): IntakeState {
  const nextProbeAt = now + othersInSeconds * MS_PER_SECOND;
  const sparedUntil = nextInSeconds > othersInSeconds ? now + nextInSeconds * MS_PER_SECOND : undefined;
  return { ...state, nextProbeAt, sparedUntil };
}

/** @param state as it was read, with what is new */
async function close(ports: ControllerPorts, trip: TripMessage, state: IntakeState): Promise<Tick> {
  const { consumer, reason, closedAt } = state;
  const flowing = { consumer, reason, closedAt, intake: 'flowing', since: ports.now() } as const;
  if (!(await ports.table.change(state, flowing))) return SOON;
  ports.log('the intake flows again', { consumer, seconds: (ports.now() - state.since) / MS_PER_SECOND });
  return resume(ports, trip);
}

/** The state says that the intake flows. What has written it may have ended before it turned polling on. */
async function resume(ports: ControllerPorts, trip: TripMessage): Promise<Tick> {
  if ((await ports.setPolling(trip.functionName, 'on')) === 'busy') return SOON;
  return end(ports, trip);
}

function end({ count }: ControllerPorts, { consumer }: TripMessage): Tick {
  count(consumer, false);
  return 'done';
}

function again(seconds: number): Tick {
  return { againInSeconds: Math.min(LONGEST_TICK_SECONDS, Math.max(1, Math.ceil(seconds))) };
}
