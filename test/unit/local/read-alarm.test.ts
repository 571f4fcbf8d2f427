import { expect, it } from 'vitest';
import { readAlarm } from '../../../lib/local/monitoring/read-alarm.ts';
import { UnreadableRequestError } from '../../../lib/local/requests/read-request.ts';

const whole = {
  AlarmName: 'dead letters',
  AlarmDescription: 'Redrive them.',
  ComparisonOperator: 'GreaterThanThreshold',
  EvaluationPeriods: 1,
  Threshold: 0,
  ActionsEnabled: true,
  AlarmActions: ['arn:aws:sns:us-east-1:000000000000:alarms'],
  Metrics: [
    { Id: 'all', Expression: 'dead' },
    {
      Id: 'dead',
      ReturnData: false,
      MetricStat: {
        Period: 60,
        Stat: 'Maximum',
        Metric: {
          Namespace: 'AWS/SQS',
          MetricName: 'visible',
          Dimensions: [{ Name: 'QueueName', Value: 'dead' }],
        },
      },
    },
  ],
};

it('takes an alarm apart, and keeps what is not used here', () => {
  const { AlarmName: name, AlarmDescription: description, ...configuration } = whole;
  expect(readAlarm(whole)).toEqual({ name, description, configuration });
  expect(readAlarm({ AlarmName: 'a', ComparisonOperator: 'LessThanThreshold' })).toEqual({
    name: 'a',
    description: '',
    configuration: { ComparisonOperator: 'LessThanThreshold' },
  });
});

it.each<[string, object, string]>([
  ['with a name that is a number', { AlarmName: 7 }, 'AlarmName of the request is no string'],
  ['with a threshold that is a text', { Threshold: '1' }, 'Threshold of the request is no number'],
  ['with a switch that is a text', { ActionsEnabled: 'no' }, 'ActionsEnabled of the request is no boolean'],
  ['with one action', { OKActions: 'arn' }, 'OKActions of the request is no list'],
  ['with a number among its actions', { AlarmActions: [1] }, 'AlarmActions of the request[0] is no string'],
  ['with dimensions that are no list', { Dimensions: 5 }, 'Dimensions of the request is no list'],
  ['with nothing as a query', { Metrics: [null] }, 'Metrics of the request[0] is no JSON object'],
  [
    'with dimensions of a query that are no list',
    { Metrics: [{ Id: 'a', MetricStat: { Metric: { Dimensions: 1 } } }] },
    'Dimensions of Metric of MetricStat of Metrics of the request[0] is no list',
  ],
])('refuses an alarm %s', (_, changed, message) => {
  expect(() => readAlarm({ ...whole, ...changed })).toThrow(new UnreadableRequestError(message));
});

it.each(['AlarmName', 'ComparisonOperator'])('refuses an alarm without its %s', (name) => {
  const without = Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name));
  expect(() => readAlarm(without)).toThrow(
    new UnreadableRequestError(`${name} is missing`, 'ValidationError'),
  );
});

it.each([null, []])('refuses a body that is %j', (body) => {
  expect(() => readAlarm(body)).toThrow(new UnreadableRequestError('the request is no JSON object'));
});
