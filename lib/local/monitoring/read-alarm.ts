import { entryOf } from '../functions/entry-of.ts';
import type { AlarmConfiguration } from './alarm-configuration.ts';

/** An alarm as PutMetricAlarm describes it. */
export interface AskedAlarm {
  readonly name: string;
  readonly description: string;
  readonly configuration: AlarmConfiguration;
}

/** CloudWatch refuses the alarm. */
export class InvalidAlarmError extends Error {
  override readonly name = 'ValidationError';
}

type Fields = Readonly<Record<string, unknown>>;

interface Shape {
  readonly isRight: (value: unknown) => boolean;
  readonly what: string;
}

const TEXT: Shape = { isRight: (value) => typeof value === 'string', what: 'a string' };
const NUMBER: Shape = { isRight: Number.isFinite, what: 'a number' };
const SWITCH: Shape = { isRight: (value) => typeof value === 'boolean', what: 'true or false' };
const ACTIONS: Shape = { isRight: listOf(TEXT.isRight), what: 'a list of ARNs' };
const DIMENSIONS: Shape = {
  isRight: listOf(fieldsWith({ Name: TEXT, Value: TEXT }, ['Name', 'Value'])),
  what: 'a list of names and values',
};
const METRIC = { Namespace: TEXT, MetricName: TEXT, Dimensions: DIMENSIONS };
const METRIC_STAT = { Metric: { isRight: fieldsWith(METRIC, []), what: 'a metric' } };
const METRICS: Shape = {
  isRight: listOf(
    fieldsWith(
      {
        Id: TEXT,
        Expression: TEXT,
        ReturnData: SWITCH,
        MetricStat: { isRight: fieldsWith(METRIC_STAT, []), what: 'a metric' },
      },
      ['Id'],
    ),
  ),
  what: 'a list of queries, each with an Id',
};

/** What is used here of PutMetricAlarm. Other fields are kept as they are. */
const ALARM: Readonly<Record<string, Shape>> = {
  AlarmName: TEXT,
  AlarmDescription: TEXT,
  ComparisonOperator: TEXT,
  Threshold: NUMBER,
  ActionsEnabled: SWITCH,
  AlarmActions: ACTIONS,
  OKActions: ACTIONS,
  InsufficientDataActions: ACTIONS,
  Metrics: METRICS,
  ...METRIC,
};
const REQUIRED = ['AlarmName', 'ComparisonOperator'];

/**
 * Checks the body of PutMetricAlarm, as far as it is used here.
 *
 * @throws InvalidAlarmError which field is missing or wrong, and what it should be
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function readAlarm(body: unknown): AskedAlarm {
  if (!isFields(body)) throw new InvalidAlarmError('The body is not a JSON object.');
  const wrong = wrongField(body, ALARM, REQUIRED);
  if (wrong !== undefined)
    throw new InvalidAlarmError(
      `${wrong} is ${JSON.stringify(body[wrong])}; it must be ${ALARM[wrong]?.what}`,
    );
  const { AlarmName, AlarmDescription = '', ...configuration } = body;
  // Its fields were checked above.
  return { name: String(AlarmName), description: String(AlarmDescription), configuration };
}

/** The first field that is missing, or of another shape. */
function wrongField(
  value: Fields,
  shapes: Readonly<Record<string, Shape>>,
  required: readonly string[],
): string | undefined {
  const given = Object.keys(value).find((name) => entryOf(shapes, name)?.isRight(value[name]) === false);
  return required.find((name) => value[name] === undefined) ?? given;
}

function fieldsWith(shapes: Readonly<Record<string, Shape>>, required: readonly string[]) {
  return (value: unknown): boolean => isFields(value) && wrongField(value, shapes, required) === undefined;
}

function listOf(isOne: (value: unknown) => boolean) {
  return (value: unknown): boolean => Array.isArray(value) && value.every(isOne);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
