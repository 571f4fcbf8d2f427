import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AlarmConfiguration } from '../../../lib/local/monitoring/alarm-configuration.ts';
import { AlarmStates, type LocalAlarm } from '../../../lib/local/monitoring/alarms.ts';

const values = new Map<string, number>();
const changes: string[] = [];
let board: AlarmStates;

const level: AlarmConfiguration = {
  Namespace: 'AWS/SQS',
  MetricName: 'visible',
  Dimensions: [{ Name: 'QueueName', Value: 'dead' }],
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 1,
};
const { Namespace, MetricName, Dimensions } = level;
const math = (Expression: string): AlarmConfiguration => ({
  ComparisonOperator: 'GreaterThanThreshold',
  Threshold: 0,
  Metrics: [
    { Id: 'all', Expression },
    { Id: 'dead', ReturnData: false, MetricStat: { Metric: { Namespace, MetricName, Dimensions } } },
  ],
});
const evaluateAt = (visible: number): LocalAlarm['state'] | undefined => {
  values.set('AWS/SQS visible dead', visible);
  board.evaluate();
  return board.alarms[0]?.state;
};

beforeEach(() => {
  vi.useFakeTimers();
  values.clear();
  changes.length = 0;
  board = new AlarmStates(
    (...names) => values.get(names.join(' ')),
    ({ name, state }) => changes.push(`${name} ${state}`),
  );
});
afterEach(() => void vi.useRealTimers());

describe('an alarm over a level', () => {
  it('goes up above its threshold and down again, and tells of each change once', () => {
    board.add('a', 'why', level);
    expect([1, 2, 3, 1, 0].map(evaluateAt)).toEqual(['OK', 'ALARM', 'ALARM', 'OK', 'OK']);
    expect(changes).toEqual(['a ALARM', 'a OK']);
    expect(board.alarms).toMatchObject([{ description: 'why', reason: 'visible is 1, the threshold is 1' }]);
  });

  it.each([
    ['GreaterThanThreshold', ['OK', 'OK', 'ALARM']],
    ['GreaterThanOrEqualToThreshold', ['OK', 'ALARM', 'ALARM']],
    ['LessThanThreshold', ['ALARM', 'OK', 'OK']],
    ['LessThanOrEqualToThreshold', ['ALARM', 'ALARM', 'OK']],
  ])('compares by %s', (ComparisonOperator, states) => {
    board.add('a', '', { ...level, ComparisonOperator });
    expect([0, 1, 2].map(evaluateAt)).toEqual(states);
  });

  it('keeps its state when it is added again', () => {
    board.add('a', '', level);
    evaluateAt(2);
    board.add('a', 'new', level);
    expect(board.alarms).toMatchObject([{ state: 'ALARM', description: 'new' }]);
  });

  it('is well as long as nothing reports its metric', () => {
    board.add('a', '', { ...level, Namespace: 'AWS/EC2' });
    expect(evaluateAt(5)).toBe('OK');
  });
});

describe.each(['DIFF(dead)', 'RATE( dead )'])('an alarm over %s', (expression) => {
  it('goes up with every arrival and down a minute after the last', () => {
    board.add('a', '', math(expression));
    expect([0, 0, 1].map(evaluateAt)).toEqual(['OK', 'OK', 'ALARM']);
    vi.advanceTimersByTime(59_000);
    expect(evaluateAt(1)).toBe('ALARM');
    vi.advanceTimersByTime(2_000);
    expect(evaluateAt(1)).toBe('OK');
    expect(evaluateAt(2)).toBe('ALARM');
  });

  it('says nothing of what was there when it was first looked at, or of what leaves', () => {
    board.add('a', '', math(expression));
    expect([3, 3, 1].map(evaluateAt)).toEqual(['OK', 'OK', 'OK']);
  });
});

it('adds metrics up, and counts what nothing reports as nothing', () => {
  const inFlight = {
    Id: 'inFlight',
    ReturnData: false,
    MetricStat: { Metric: { ...level, MetricName: 'inFlight' } },
  };
  const { Metrics = [], ...rest } = math('DIFF(dead + inFlight)');
  board.add('a', '', { ...rest, Metrics: [...Metrics, inFlight] });
  expect([0, 1].map(evaluateAt)).toEqual(['OK', 'ALARM']);
  vi.advanceTimersByTime(61_000);
  values.set('AWS/SQS inFlight dead', 1);
  expect(evaluateAt(0)).toBe('OK');
  values.set('AWS/SQS inFlight dead', 2);
  expect(evaluateAt(0)).toBe('ALARM');
});

it.each(['SUM(METRICS())', 'dead / 2', 'DIFF(other)', 'DIFF(dead + other)', ''])(
  'does not pretend to know %s',
  (expression) => {
    board.add('a', '', math(expression));
    expect(evaluateAt(5)).toBe('INSUFFICIENT_DATA');
    expect(changes).toEqual(['a INSUFFICIENT_DATA']);
  },
);

it('knows an expression that is only a metric', () => {
  board.add('a', '', math('dead'));
  expect([0, 1].map(evaluateAt)).toEqual(['OK', 'ALARM']);
});

it('an alarm whose evaluation fails says why, and the others are evaluated', () => {
  const malformed: AlarmConfiguration = JSON.parse(
    JSON.stringify({ ...level, Dimensions: { QueueName: 'dead' } }),
  );
  board.add('malformed', '', malformed);
  board.add('b', '', level);
  expect(evaluateAt(2)).toBe('INSUFFICIENT_DATA');
  evaluateAt(3);
  expect(changes).toEqual(['malformed INSUFFICIENT_DATA', 'b ALARM']);
  expect(board.alarms[0]?.reason).toBe('Its evaluation failed: Dimensions is not iterable');
});
