import { expect, it } from 'vitest';
import { createRig, START, stateOf } from './rig.ts';

const SEEN = { version: 3, queueArn: 'arn', until: Number.POSITIVE_INFINITY };
const TRIP = { cause: 'outage', reason: 'down' } as const;

async function opened() {
  const { rig, breaker } = createRig();
  rig.state = stateOf({ intake: 'flowing', version: SEEN.version });
  await breaker.open(TRIP, SEEN);
  return { rig, admits: () => breaker.gate().admits(0), breaker };
}

it('lets nothing begin while the state says that it is open, with one look for each batch', async () => {
  const { rig, admits, breaker } = await opened();
  rig.state = stateOf({ version: 4 });
  rig.now += 3_600_000;
  expect([await admits(), await admits()]).toEqual([false, false]);
  expect(rig.looks).toBe(2);
  expect(breaker.gate().stop()?.message).toBe(
    'the breaker is open, so the event waits and counts no attempt: down',
  );
});

it('waits a minute for the controller to write what it was told, and no longer', async () => {
  const { rig, admits } = await opened();
  rig.now += 59_999;
  expect(await admits()).toBe(false);
  rig.now += 1;
  expect(await admits()).toBe(true);
});

it.each(['flowing', 'paused'] as const)(
  'goes on at once when the controller has answered and the intake is %s',
  async (intake) => {
    const { rig, admits, breaker } = await opened();
    rig.state = stateOf({ intake, version: 4 });
    expect(await admits()).toBe(true);
    expect(breaker.stopped).toBeUndefined();
    expect(await admits()).toBe(true);
    expect(rig.looks).toBe(1);
  },
);

it('forgets what it has counted when it closes', async () => {
  const { rig, breaker, admits } = await opened();
  breaker.monitor.failed('a', new Error('x'));
  rig.state = stateOf({ intake: 'flowing', version: 5 });
  await admits();
  for (const id of ['b', 'c']) breaker.monitor.failed(id, new Error('x'));
  expect(breaker.monitor.trip).toBeUndefined();
});

it('sends a message again that was not accepted, until it is', async () => {
  const { rig, breaker } = createRig();
  rig.sendable = false;
  await breaker.open(TRIP, SEEN);
  expect(await breaker.isFlowing(0)).toBe(false);
  rig.sendable = true;
  expect(await breaker.isFlowing(0)).toBe(false);
  expect(await breaker.isFlowing(0)).toBe(false);
  expect(rig.sent).toHaveLength(1);
  expect(rig.sent).toMatchObject([{ version: 3, at: START }]);
});

it('takes up its work after a minute when the controller cannot be told at all', async () => {
  const { rig, breaker } = createRig();
  rig.sendable = false;
  await breaker.open(TRIP, SEEN);
  rig.now += 60_000;
  expect(await breaker.isFlowing(0)).toBe(true);
});

it('lets nothing begin for a minute when the state cannot be read, then tries', async () => {
  const { rig, admits } = await opened();
  rig.readable = false;
  expect(await admits()).toBe(false);
  rig.now += 60_000;
  expect(await admits()).toBe(true);
});

it('clips a long reason', async () => {
  const { rig, breaker } = createRig();
  await breaker.open({ cause: 'outage', reason: 'x'.repeat(5_000) }, SEEN);
  expect(rig.sent[0]?.reason.length).toBe(512);
});
