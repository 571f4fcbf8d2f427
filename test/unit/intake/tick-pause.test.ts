import { expect, it } from 'vitest';
import { tickPause } from '../../../lib/intake/controller/tick-pause.ts';
import { createRig, START, stateOf } from './rig.ts';

const PAUSE = { kind: 'pause', consumer: 'payroll', functionName: 'f', queueUrl: 'q', at: START } as const;
const paused = stateOf({ intake: 'paused', by: 'anna', reason: 'month end', until: START + 60_001 });

it('waits until the pause is over, two minutes at a time', async () => {
  const { rig, ports } = createRig();
  rig.state = paused;
  rig.polling = 'off';
  expect(await tickPause(ports, PAUSE)).toEqual({ againInSeconds: 61 });
  rig.state = { ...paused, until: START + 900_000 };
  expect(await tickPause(ports, PAUSE)).toEqual({ againInSeconds: 120 });
  expect(rig.polling).toBe('off');
});

it('lets the intake flow when its time has come, and still says who had paused it', async () => {
  const { rig, ports } = createRig();
  rig.state = paused;
  rig.polling = 'off';
  rig.now = START + 60_001;
  expect(await tickPause(ports, PAUSE)).toBe('done');
  expect(rig.polling).toBe('on');
  expect(rig.state).toEqual({
    consumer: 'payroll',
    intake: 'flowing',
    since: START + 60_001,
    version: 2,
    reason: 'month end',
    by: 'anna',
    closedAt: undefined,
  });
});

it('has nothing to wait for when the pause has no end any more', async () => {
  const { rig, ports } = createRig();
  rig.state = { ...paused, until: undefined };
  rig.polling = 'off';
  expect(await tickPause(ports, PAUSE)).toBe('done');
  expect(rig.polling).toBe('off');
});

it('leaves an open breaker alone', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf();
  rig.polling = 'off';
  expect(await tickPause(ports, PAUSE)).toBe('done');
  expect(rig.polling).toBe('off');
});

it('makes sure that the queue is polled when somebody has resumed the consumer', async () => {
  const { rig, ports } = createRig();
  rig.state = stateOf({ intake: 'flowing' });
  rig.polling = 'off';
  rig.change = 'busy';
  expect(await tickPause(ports, PAUSE)).toEqual({ againInSeconds: 5 });
  rig.change = 'done';
  expect(await tickPause(ports, PAUSE)).toBe('done');
  expect(rig.polling).toBe('on');
});

it('looks again soon when somebody changes the state meanwhile', async () => {
  const { rig, ports } = createRig();
  rig.state = paused;
  rig.now = START + 60_001;
  rig.beforeChange = () => void Object.assign(rig, { state: { ...paused, version: 9 } });
  expect(await tickPause(ports, PAUSE)).toEqual({ againInSeconds: 5 });
});

it.each([
  ['with an end', paused],
  ['without one', { ...paused, until: undefined }],
])('stops the polling again when a deployment has started it in a pause %s', async (_, state) => {
  const { rig, ports } = createRig();
  rig.state = state;
  rig.polling = 'on';
  await tickPause(ports, PAUSE);
  expect(rig.polling).toBe('off');
});

it('tries soon again to stop the polling when Lambda is busy', async () => {
  const { rig, ports } = createRig();
  rig.state = paused;
  rig.change = 'busy';
  expect(await tickPause(ports, PAUSE)).toEqual({ againInSeconds: 5 });
});

it('goes on waiting when the consumer is gone: one that is deployed anew is stopped again', async () => {
  const { rig, ports } = createRig();
  rig.state = paused;
  rig.change = 'gone';
  expect(await tickPause(ports, PAUSE)).toEqual({ againInSeconds: 61 });
});
