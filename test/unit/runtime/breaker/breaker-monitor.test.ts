import { expect, it } from 'vitest';
import { createBreakerMonitor } from '../../../../lib/runtime/breaker/breaker-monitor.ts';
import { TransientError } from '../../../../lib/runtime/errors.ts';

const down = new TransientError('the bank is down');
const broken = new RangeError('no such field');

it('stays closed one failure before its limit', () => {
  const monitor = createBreakerMonitor(3);
  for (const id of ['a', 'b']) monitor.failed(id, down);
  expect(monitor.trip).toBeUndefined();
});

it('opens when so many different events meet what looks like an outage, and says the last', () => {
  const monitor = createBreakerMonitor(3);
  for (const id of ['a', 'b', 'c']) monitor.failed(id, down);
  expect(monitor.trip).toEqual({
    cause: 'outage',
    reason: '3 different events failed in a row, the last: TransientError: the bank is down',
  });
});

it('does not take one event for an outage that looks like one again and again', () => {
  const monitor = createBreakerMonitor(2);
  for (let time = 0; time < 9; time++) monitor.failed('poison', down);
  expect(monitor.trip).toBeUndefined();
});

it('begins to count anew after a success, and remembers when that was', () => {
  const monitor = createBreakerMonitor(2);
  expect(monitor.lastSuccessAt).toBe(Number.NEGATIVE_INFINITY);
  monitor.failed('a', down);
  monitor.succeeded(7);
  monitor.failed('a', down);
  expect(monitor.trip).toBeUndefined();
  expect(monitor.lastSuccessAt).toBe(7);
});

it('is closed again by the success of a handler that was already running', () => {
  const monitor = createBreakerMonitor(1);
  monitor.failed('a', down);
  monitor.succeeded(7);
  expect(monitor.trip).toBeUndefined();
});

it('does not take one event that fails again and again for a fault of all', () => {
  const monitor = createBreakerMonitor(2);
  for (let time = 0; time < 9; time++) monitor.failed('poison', broken);
  expect(monitor.trip).toBeUndefined();
});

it('opens when so many different events fail with errors of one name', () => {
  const monitor = createBreakerMonitor(2);
  monitor.failed('a', broken);
  monitor.failed('b', broken);
  expect(monitor.trip).toEqual({
    cause: 'alike',
    errorName: 'RangeError',
    reason: '2 different events failed alike, the last: RangeError: no such field',
  });
});

it('keeps errors of different names apart', () => {
  const monitor = createBreakerMonitor(2);
  monitor.failed('a', broken);
  monitor.failed('b', new SyntaxError('x'));
  monitor.failed('c', down);
  expect(monitor.trip).toBeUndefined();
});

it('forgets the different events at a success too', () => {
  const monitor = createBreakerMonitor(2);
  monitor.failed('a', broken);
  monitor.succeeded(1);
  monitor.failed('b', broken);
  expect(monitor.trip).toBeUndefined();
});

it('counts at most fifty names, so that a name for each error needs no memory', () => {
  const monitor = createBreakerMonitor(2);
  const named = (name: string) => Object.assign(new Error('x'), { name });
  for (let n = 0; n < 50; n++) monitor.failed('a', named(`Error${n}`));
  monitor.failed('a', named('One too many'));
  monitor.failed('b', named('One too many'));
  expect(monitor.trip).toBeUndefined();
  monitor.failed('b', named('Error49'));
  expect(monitor.trip?.errorName).toBe('Error49');
});

it('opens at the next failure when it has tried again unanswered', () => {
  const monitor = createBreakerMonitor(3);
  for (const id of ['a', 'b', 'c']) monitor.failed(id, down);
  monitor.retry();
  expect(monitor.trip).toBeUndefined();
  monitor.failed('d', down);
  expect(monitor.trip?.cause).toBe('outage');
});

it('opens at the next error of the same name when it has tried again unanswered', () => {
  const monitor = createBreakerMonitor(2);
  for (const id of ['a', 'b']) monitor.failed(id, broken);
  monitor.retry();
  monitor.failed('c', new SyntaxError('x'));
  expect(monitor.trip).toBeUndefined();
  monitor.failed('c', broken);
  expect(monitor.trip?.cause).toBe('alike');
});

it('needs two events to fail alike, also when one outage is enough', () => {
  const monitor = createBreakerMonitor(1);
  monitor.failed('poison', broken);
  expect(monitor.trip).toBeUndefined();
  monitor.failed('another', broken);
  expect(monitor.trip).toMatchObject({ cause: 'alike', errorName: 'RangeError' });
});
