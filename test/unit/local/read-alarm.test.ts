import { expect, it } from 'vitest';
import { InvalidAlarmError, readAlarm } from '../../../lib/local/monitoring/read-alarm.ts';

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
  ['without a name', { AlarmName: undefined }, 'AlarmName is undefined; it must be a string'],
  [
    'without an operator',
    { ComparisonOperator: undefined },
    'ComparisonOperator is undefined; it must be a string',
  ],
  ['with a name that is a number', { AlarmName: 7 }, 'AlarmName is 7; it must be a string'],
  ['with a threshold that is a text', { Threshold: '1' }, 'Threshold is "1"; it must be a number'],
  ['with nothing as its threshold', { Threshold: null }, 'Threshold is null; it must be a number'],
  [
    'with a description that is an object',
    { AlarmDescription: {} },
    'AlarmDescription is {}; it must be a string',
  ],
  [
    'with a switch that is a text',
    { ActionsEnabled: 'no' },
    'ActionsEnabled is "no"; it must be true or false',
  ],
  ['with one action', { OKActions: 'arn' }, 'OKActions is "arn"; it must be a list of ARNs'],
  [
    'with a number among its actions',
    { AlarmActions: [1] },
    'AlarmActions is [1]; it must be a list of ARNs',
  ],
  [
    'with dimensions that are no list',
    { Dimensions: { QueueName: 'dead' } },
    'Dimensions is {"QueueName":"dead"}; it must be a list of names and values',
  ],
  [
    'with a dimension without a value',
    { Dimensions: [{ Name: 'QueueName' }] },
    'Dimensions is [{"Name":"QueueName"}]; it must be a list of names and values',
  ],
  [
    'with queries that are no list',
    { Metrics: {} },
    'Metrics is {}; it must be a list of queries, each with an Id',
  ],
  [
    'with nothing as a query',
    { Metrics: [null] },
    'Metrics is [null]; it must be a list of queries, each with an Id',
  ],
  [
    'with a query without an Id',
    { Metrics: [{ Expression: 'a' }] },
    'Metrics is [{"Expression":"a"}]; it must be a list of queries, each with an Id',
  ],
  [
    'with dimensions of a query that are no list',
    { Metrics: [{ Id: 'a', MetricStat: { Metric: { Dimensions: 1 } } }] },
    'Metrics is [{"Id":"a","MetricStat":{"Metric":{"Dimensions":1}}}]; it must be a list of queries, each with an Id',
  ],
])('refuses an alarm %s', (_, changed, message) => {
  expect(() => readAlarm({ ...whole, ...changed })).toThrow(new InvalidAlarmError(message));
});

it.each([undefined, null, 'text', []])('refuses a body that is %j', (body) => {
  expect(() => readAlarm(body)).toThrow(new InvalidAlarmError('The body is not a JSON object.'));
});
