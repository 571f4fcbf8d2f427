import { expect, it } from 'vitest';
import { createProbeGate } from '../../../../lib/runtime/breaker/probe-gate.ts';
import { TransientError } from '../../../../lib/runtime/errors.ts';
import { completed, failed, itemOf } from './rig.ts';

const down = new TransientError('the bank is down');
const broken = new RangeError('no such field');
const gateFor = (cause: 'outage' | 'alike', givesUp = false) =>
  createProbeGate({ cause, givesUp, maxAttempts: 5, delaySeconds: 15 });

it('runs although the breaker is open', async () => {
  const gate = gateFor('outage');
  expect(await gate.admits(0)).toBe(true);
  expect(gate.stop()).toBeUndefined();
});

it('is undecided as long as no handler has ended, and by a duplicate', () => {
  const gate = gateFor('outage');
  expect(gate.answer).toBe('undecided');
  expect(gate.judge(itemOf('a'), { status: 'duplicate' })).toEqual({ status: 'duplicate' });
  expect(gate.answer).toBe('undecided');
});

it('has passed when the handler completes', () => {
  const gate = gateFor('alike');
  expect(gate.judge(itemOf('a'), completed)).toBe(completed);
  expect(gate.answer).toBe('passed');
});

it('has failed by a failure that looks like an outage, even at the last attempt, and counts no attempt', async () => {
  const gate = gateFor('outage');
  const item = itemOf('a', { attempt: 5 });
  item.outcome = gate.judge(item, failed(down));
  await gate.conclude([item], 0);
  expect(item.outcome).toMatchObject({
    status: 'released',
    error: {
      message:
        'the breaker is open, so the event waits and counts no attempt: the probe failed: TransientError: the bank is down',
      delaySeconds: 15,
      cause: down,
    },
  });
  expect(gate.answer).toBe('failed');
});

it('is undecided by an error of the event itself, which counts', () => {
  const gate = gateFor('outage');
  expect(gate.judge(itemOf('a', { attempt: 4 }), failed(broken)).status).toBe('failed');
  expect(gate.answer).toBe('undecided');
});

it('lets no event die of its last attempt, which waits until the breaker is closed', () => {
  const gate = gateFor('outage');
  expect(gate.judge(itemOf('b', { attempt: 5 }), failed(broken)).status).toBe('released');
  expect(gate.answer).toBe('failed');
});

it('has failed by any error when different events had failed alike', () => {
  const gate = gateFor('alike');
  expect(gate.judge(itemOf('a', { attempt: 5 }), failed(broken)).status).toBe('released');
  expect(gate.answer).toBe('failed');
});

it.each([
  ['an outage', 'outage', down, 1],
  ['its own error, at the last attempt', 'outage', broken, 5],
  ['an error like those of others', 'alike', broken, 1],
] as const)(
  'gives the event up, with its reason, when the controller says so and it fails by %s',
  (_, cause, error, attempt) => {
    const gate = gateFor(cause, true);
    expect(gate.judge(itemOf('a', { attempt }), failed(error))).toEqual({
      status: 'deadLettered',
      error,
      digests: [],
    });
    expect(gate.answer).toBe('failed');
  },
);

it('gives nothing up that completes', () => {
  const gate = gateFor('outage', true);
  expect(gate.judge(itemOf('a'), completed)).toBe(completed);
  expect(gate.answer).toBe('passed');
});
