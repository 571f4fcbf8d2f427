import { expect, it } from 'vitest';
import { probeSeconds } from '../../../lib/intake/controller/probe-time.ts';
import { tickTrip } from '../../../lib/intake/controller/tick-trip.ts';
import { createRig, messageOf, START, stateOf, TRIP } from './rig.ts';

const UNDECIDED = { answer: 'undecided', keeps: false } as const;

it.each([
  [20, 30],
  [830, 840],
  [831, 840],
  [900, 840],
])(
  'waits for a function with a time-out of %i seconds for %i: its answer must leave time to be written',
  (timeoutSeconds, seconds) => {
    expect(probeSeconds({ timeoutSeconds })).toBe(seconds);
  },
);

it('begins no probe that may outlive the tick: the next tick makes it', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ nextProbeAt: START });
  rig.queue = ['a', 'b', 'c'].map((id) => messageOf(id));
  const slow = {
    ...ports,
    endsAt: START + 870_000,
    probe: async () => {
      rig.now += 431_000;
      return UNDECIDED;
    },
  };
  await tickTrip(slow, { ...TRIP, timeoutSeconds: 430 });
  expect(rig.deleted).toEqual(['a']);
  expect(rig.queue).toHaveLength(2);
});

it('begins one that ends just in time', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ nextProbeAt: START });
  rig.queue = ['a', 'b', 'c'].map((id) => messageOf(id));
  const slow = {
    ...ports,
    endsAt: START + 870_000,
    probe: async () => {
      rig.now += 435_000;
      return UNDECIDED;
    },
  };
  await tickTrip(slow, { ...TRIP, timeoutSeconds: 425 });
  expect(rig.deleted).toEqual(['a', 'b']);
});
