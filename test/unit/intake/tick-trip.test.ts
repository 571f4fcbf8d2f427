import { expect, it } from 'vitest';
import { tickTrip } from '../../../lib/intake/controller/tick-trip.ts';
import { createRig, messageOf, START, stateOf, TRIP } from './rig.ts';

const PASSED = { answer: 'passed', keeps: false } as const;
const FAILED = { answer: 'failed', keeps: true } as const;
const UNDECIDED = { answer: 'undecided', keeps: false } as const;

it('writes the state, stops the polling, and comes again for the first probe', async () => {
  const { rig, ports } = createRig();
  rig.queue = [messageOf('a')];
  expect(await tickTrip(ports, TRIP)).toEqual({ againInSeconds: 30 });
  expect(rig).toMatchObject({
    polling: 'off',
    counts: [true],
    queue: [{}],
    lines: ['the intake is stopped'],
  });
  expect(rig.state).toEqual(stateOf({ cause: 'outage', nextProbeAt: START + 30_000, closedAt: undefined }));
});

it('writes which error different events have failed with, for the other processes of the consumer', async () => {
  const { rig, ports } = createRig();
  await tickTrip(ports, { ...TRIP, cause: 'alike', errorName: 'RangeError' });
  expect(rig.state).toMatchObject({ cause: 'alike', errorName: 'RangeError' });
});

it('writes no text that the table has no room for, whoever has sent the message', async () => {
  const { rig, ports } = createRig();
  const long = 'N'.repeat(500_000);
  await tickTrip(ports, { ...TRIP, cause: 'alike', errorName: long, reason: long });
  expect(rig.state).toMatchObject({ errorName: 'N'.repeat(512), reason: 'N'.repeat(512) });
});

it('keeps the time of the last successful probe when it opens again', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ intake: 'flowing', version: 2, closedAt: 7 });
  await tickTrip(ports, { ...TRIP, version: 2 });
  expect(rig.state).toMatchObject({ intake: 'tripped', version: 3, closedAt: 7 });
});

it('has written the state when it cannot stop the polling yet, and tries that again soon', async () => {
  const { rig, ports } = createRig();
  rig.change = 'busy';
  expect(await tickTrip(ports, TRIP)).toEqual({ againInSeconds: 5 });
  expect(rig.state?.intake).toBe('tripped');
  rig.change = 'done';
  expect(await tickTrip(ports, TRIP)).toEqual({ againInSeconds: 30 });
  expect(rig.polling).toBe('off');
});

it('stops the polling again when a deployment has started it', async () => {
  const { rig, ports } = createRig();
  await tickTrip(ports, TRIP);
  rig.polling = 'on';
  await tickTrip(ports, TRIP);
  expect(rig.polling).toBe('off');
});

it('closes when a probe passes: deletes the message, writes the state and when that was, then starts the polling', async () => {
  const { rig, ports } = createRig();
  await tickTrip(ports, TRIP);
  rig.now += 30_000;
  rig.queue = [messageOf('a')];
  rig.answers = [PASSED];
  expect(await tickTrip(ports, TRIP)).toBe('done');
  expect(rig).toMatchObject({ polling: 'on', deleted: ['a'], counts: [true, true, false] });
  expect(rig.state).toEqual({
    consumer: 'payroll',
    intake: 'flowing',
    since: START + 30_000,
    closedAt: START + 30_000,
    reason: 'the bank is down',
    version: 2,
  });
});

it('stays open when a probe fails, leaves its message in the queue, and says when the next one is', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ nextProbeAt: START });
  rig.queue = [messageOf('a'), messageOf('b')];
  rig.answers = [FAILED];
  expect(await tickTrip(ports, TRIP)).toEqual({ againInSeconds: 30 });
  expect(rig).toMatchObject({ polling: 'off', deleted: [], queue: [{ MessageId: 'b' }] });
  expect(rig.state).toEqual(stateOf({ version: 2, nextProbeAt: START + 30_000 }));
});

it('probes the next event at once after one that says nothing, five in one tick at most', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ nextProbeAt: START });
  rig.queue = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => messageOf(id));
  rig.answers = Array.from({ length: 6 }, () => UNDECIDED);
  expect(await tickTrip(ports, TRIP)).toEqual({ againInSeconds: 30 });
  expect(rig.deleted).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(rig.state?.intake).toBe('tripped');
});

it('waits for an event when the queue has none', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ nextProbeAt: START });
  expect(await tickTrip(ports, TRIP)).toEqual({ againInSeconds: 30 });
});

it('does not probe before its time', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ nextProbeAt: START + 9_001 });
  rig.queue = [messageOf('a')];
  expect(await tickTrip(ports, TRIP)).toEqual({ againInSeconds: 10 });
  expect(rig.queue).toHaveLength(1);
});

it('probes an event rarely that has few receives left, and still looks at the state', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ nextProbeAt: START });
  rig.queue = [messageOf('lonely', 97)];
  expect(await tickTrip(ports, TRIP)).toEqual({ againInSeconds: 120 });
  expect(rig.state?.nextProbeAt).toBe(START + 450_000);
});

it('is done when somebody has paused the consumer, and leaves its polling alone', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ intake: 'paused' });
  rig.polling = 'off';
  expect(await tickTrip(ports, TRIP)).toBe('done');
  expect(rig).toMatchObject({ polling: 'off', counts: [false] });
});

it('is done when somebody has closed the breaker, and makes sure that the queue is polled', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ intake: 'flowing', version: 2 });
  rig.polling = 'off';
  expect(await tickTrip(ports, TRIP)).toBe('done');
  expect(rig).toMatchObject({ polling: 'on', counts: [false] });
});

it('does not open for a message about an older state: it has closed since', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ intake: 'flowing', version: 4 });
  expect(await tickTrip(ports, { ...TRIP, version: 2 })).toBe('done');
  expect(rig.state).toEqual(stateOf({ intake: 'flowing', version: 4 }));
});

it('opens again right after it has closed', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ intake: 'flowing', version: 4 });
  expect(await tickTrip(ports, { ...TRIP, version: 4 })).toEqual({ againInSeconds: 30 });
  expect(rig.state?.version).toBe(5);
});

it('comes again when the polling cannot be started yet, and then starts it', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ nextProbeAt: START });
  rig.queue = [messageOf('a')];
  rig.answers = [PASSED];
  const { setPolling } = ports;
  const starting = {
    ...ports,
    setPolling: async (name: string, wanted: 'on' | 'off') =>
      wanted === 'on' ? ('busy' as const) : setPolling(name, wanted),
  };
  expect(await tickTrip(starting, TRIP)).toEqual({ againInSeconds: 5 });
  expect(await tickTrip(ports, TRIP)).toBe('done');
  expect(rig.polling).toBe('on');
});

it.each([
  ['opens', undefined],
  ['probes', stateOf({ nextProbeAt: START })],
])('looks again soon when somebody changes the state while it %s', async (_, state) => {
  const { rig, ports } = createRig();
  rig.state = state;
  rig.beforeChange = () => void Object.assign(rig, { state: stateOf({ intake: 'paused', version: 9 }) });
  expect(await tickTrip(ports, TRIP)).toEqual({ againInSeconds: 5 });
  expect(rig.state).toMatchObject({ intake: 'paused', version: 9 });
});

it('does not overwrite a pause when its probe passes', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ nextProbeAt: START });
  rig.queue = [messageOf('a')];
  rig.answers = [PASSED];
  rig.beforeChange = () => void Object.assign(rig, { state: stateOf({ intake: 'paused', version: 9 }) });
  expect(await tickTrip(ports, TRIP)).toEqual({ againInSeconds: 5 });
  expect(rig).toMatchObject({ polling: 'off', state: { intake: 'paused' } });
});

it('ends with a consumer that was destroyed, so that one deployed anew flows', async () => {
  const { rig, ports } = createRig();
  rig.change = 'gone';
  expect(await tickTrip(ports, TRIP)).toBe('done');
  expect(rig.state).toMatchObject({ intake: 'flowing', reason: 'the consumer is gone' });
});

it.each([
  ['nobody else waits', 0, []],
  ['others wait', 1, ['lonely']],
])(
  'with a message that has few receives left, looks after a quarter of an hour whether others wait: %s',
  async (_, behind, probed) => {
    const { rig, ports } = createRig();
    ports.queue.limits = async () => ({ maxReceiveCount: 1_000, retentionSeconds: 604_800 });
    rig.state = stateOf({ nextProbeAt: START });
    rig.queue = [messageOf('lonely', 900)];
    expect(await tickTrip(ports, TRIP)).toEqual({ againInSeconds: 120 });
    expect(rig.state).toMatchObject({
      nextProbeAt: START + 900_000,
      sparedUntil: START + Math.ceil(544_320 / 99) * 1_000,
    });
    rig.now += 900_000;
    rig.probed = [];
    rig.queue = [messageOf('lonely', 901)];
    rig.behind = behind;
    expect(await tickTrip(ports, TRIP)).toEqual({ againInSeconds: 120 });
    expect(rig.probed.map(([id]) => id)).toEqual(probed);
  },
);

it('probes it when its time has come, even if it is alone', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ nextProbeAt: START, sparedUntil: START });
  rig.queue = [messageOf('lonely', 900)];
  await tickTrip(ports, TRIP);
  expect(rig.probed).toHaveLength(1);
});
