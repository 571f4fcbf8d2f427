import { describe, expect, it } from 'vitest';
import { tickTrip } from '../../../lib/intake/controller/tick-trip.ts';
import { createRig, FIFO_TRIP, messageOf, START, stateOf, TRIP } from './rig.ts';

const DAY_MS = 86_400_000;
const DIED = { answer: 'failed', keeps: false } as const;
const PASSED = { answer: 'passed', keeps: false } as const;

/** A breaker that has been open for a day, with an event that every probe has received, and others behind it. */
function createStuck() {
  const { rig, ports } = createRig();
  rig.state = stateOf({ nextProbeAt: START });
  rig.now = START + DAY_MS;
  rig.queue = [messageOf('head', 50)];
  rig.behind = 3;
  return { rig, ports };
}

describe('an event that nothing of a FIFO queue can pass', () => {
  it('is given up after a day in which it was the only one that could be tried, and the next one is tried at once', async () => {
    const { rig, ports } = createStuck();
    rig.answers = [DIED, PASSED];
    ports.queue.receive = async () => (rig.probed.length === 1 ? messageOf('next') : rig.queue.shift());
    expect(await tickTrip(ports, FIFO_TRIP)).toBe('done');
    expect(rig.probed).toEqual([
      ['head', true],
      ['next', false],
    ]);
    expect(rig.deleted).toEqual(['head', 'next']);
    expect(rig.state).toMatchObject({ intake: 'flowing', version: 3 });
    expect(rig.lines).toContain(
      'a failure of this event gives it up: others have waited behind it for a day',
    );
  });

  it('is followed by no other for a day: an outage may really be that long', async () => {
    const { rig, ports } = createStuck();
    rig.answers = [DIED];
    await tickTrip(ports, FIFO_TRIP);
    expect(rig.state).toMatchObject({ intake: 'tripped', gaveUpAt: START + DAY_MS });
    rig.now = START + 2 * DAY_MS - 1;
    rig.queue = [messageOf('next', 50)];
    await tickTrip(ports, FIFO_TRIP);
    rig.now += 30_000;
    rig.queue = [messageOf('next', 51)];
    await tickTrip(ports, FIFO_TRIP);
    expect(rig.probed).toEqual([
      ['head', true],
      ['next', false],
      ['next', true],
    ]);
  });

  it('is written down before it is given up, so that a tick that dies gives up no second one', async () => {
    const { rig, ports } = createStuck();
    ports.probe = async () => Promise.reject(new Error('the tick has died'));
    await expect(tickTrip(ports, FIFO_TRIP)).rejects.toThrow();
    expect(rig.state).toMatchObject({ gaveUpAt: START + DAY_MS });
  });

  it('is not given up when somebody changes the state meanwhile', async () => {
    const { rig, ports } = createStuck();
    rig.beforeChange = () => void Object.assign(rig, { state: stateOf({ intake: 'paused', version: 9 }) });
    await tickTrip(ports, FIFO_TRIP);
    expect(rig.probed).toEqual([['head', false]]);
  });
});

describe('an event is not given up', () => {
  it.each([
    ['before a day is over', { now: START + DAY_MS - 1 }, FIFO_TRIP],
    ['when it stops nobody', { behind: 0 }, FIFO_TRIP],
    ['when the queue is no FIFO queue: the others can be tried', {}, TRIP],
    [
      'that was received seldom: it is not what has failed for a day',
      { queue: [messageOf('head', 10)] },
      FIFO_TRIP,
    ],
  ])('%s', async (_, change, trip) => {
    const { rig, ports } = createStuck();
    Object.assign(rig, change);
    await tickTrip(ports, trip);
    expect(rig.probed).toEqual([['head', false]]);
    expect(rig.state?.gaveUpAt).toBeUndefined();
  });

  it('when another one can be received: that one is tried too', async () => {
    const { rig, ports } = createStuck();
    rig.queue = [messageOf('head', 50), messageOf('of another group')];
    await tickTrip(ports, FIFO_TRIP);
    expect(rig.probed).toEqual([
      ['head', false],
      ['of another group', false],
    ]);
  });
});
