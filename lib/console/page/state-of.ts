/// <reference lib="dom" />
import type { BusStatus, ConsumerStatus, Trouble } from '../shapes.ts';
import { alarmLabel, formatSeconds } from './format.ts';

/** A state as text, and its style. */
export interface State {
  readonly text: string;
  readonly style: 'good' | 'warn' | 'bad' | 'faint';
  /** The full text, shown as a tooltip. */
  readonly details?: string;
}

/** The state while the shown data is old. */
export const UNKNOWN_NOW: State = { text: 'Not known now', style: 'faint' };

/** A consumer is behind when its oldest message is older than this. */
const BEHIND_AFTER_SECONDS = 30;

/** Troubles of which another line of the card has the details. */
const SHORT: Readonly<Partial<Record<Trouble['kind'], string>>> = {
  breaker: 'Breaker open',
  paused: 'Paused',
};

/** The state of a consumer: trouble first, then what could not be read, then whether it is behind. */
export function stateOfConsumer(consumer: ConsumerStatus): State {
  const { waiting, inFlight, oldestAgeSeconds } = consumer;
  const wrong = troubleOrUnknown(consumer);
  if (wrong) return wrong;
  const age = oldestAgeSeconds ?? 0;
  if ((waiting ?? 0) + (inFlight ?? 0) > 0 && age > BEHIND_AFTER_SECONDS)
    return { text: `Behind by ${formatSeconds(age)}`, style: 'warn' };
  return { text: 'Healthy', style: 'good' };
}

export function stateOfBus(bus: BusStatus): State {
  const isElsewhere = bus.stackStatus === null && bus.trouble.length === 0;
  if (isElsewhere) return { text: 'In another account', style: 'faint', details: bus.stackName };
  return troubleOrUnknown(bus) ?? { text: 'Healthy', style: 'good' };
}

function troubleOrUnknown({
  alarms,
  trouble,
  problems,
}: Pick<BusStatus, 'alarms' | 'trouble' | 'problems'>): State | undefined {
  const details = [
    ...trouble.map(({ detail }) => detail),
    ...problems.map(({ resource, name, reason }) => `${resource} ${name}: ${reason}`),
  ].join('\n');
  if (trouble.length > 0) {
    const on = alarms?.length ? [`Alarm: ${alarms.map(alarmLabel).join(', ')}`] : [];
    const others = trouble
      .filter(({ kind }) => kind !== 'alarm')
      .map(({ kind, detail }) => SHORT[kind] ?? detail);
    return { text: [...on, ...others].join('; '), style: 'bad', details };
  }
  if (problems.length > 0 || alarms === null) {
    const parts = [...problems.map(({ resource }) => resource), ...(alarms === null ? ['alarms'] : [])];
    return { text: `Not known: ${parts.join(', ')}`, style: 'warn', details };
  }
  return undefined;
}
