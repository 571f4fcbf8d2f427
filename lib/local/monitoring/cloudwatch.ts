import type { EngineApp } from '../engines/fauxqs.ts';
import { entryOf } from '../functions/entry-of.ts';
import { readRequest } from '../requests/read-request.ts';
import type { AlarmStates, LocalAlarm, MetricSource } from './alarms.ts';
import { METRIC_STAT, readAlarm } from './read-alarm.ts';

/** The parameters of DescribeAlarms that are used here. Others are ignored. */
interface DescribeAlarmsRequest {
  readonly AlarmNames?: readonly string[];
  readonly AlarmNamePrefix?: string;
  readonly StateValue?: string;
}

const DESCRIBE_ALARMS = {
  AlarmNames: { listOf: 'text' },
  AlarmNamePrefix: 'text',
  StateValue: 'text',
} as const;
const GET_METRIC_DATA = {
  MetricDataQueries: { listOf: { members: { Id: 'text', MetricStat: METRIC_STAT } } },
} as const;

const MS_PER_SECOND = 1_000;

interface GetMetricDataRequest {
  readonly MetricDataQueries?: readonly {
    readonly Id: string;
    readonly MetricStat?: {
      readonly Metric?: {
        readonly Namespace?: string;
        readonly MetricName?: string;
        readonly Dimensions?: readonly { readonly Value: string }[];
      };
    };
  }[];
}

/**
 * Serves CloudWatch's GetMetricData for the metrics that local alarms can use. Each has one value, the current one. Call it before the engine
 * listens.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export function serveMetrics(app: EngineApp, source: MetricSource): void {
  app.addHook('preHandler', async (request, reply) => {
    if (request.headers['x-amz-target'] !== 'GraniteServiceVersion20100801.GetMetricData') return;
    const { MetricDataQueries = [] } = readRequest<GetMetricDataRequest>(request.body, GET_METRIC_DATA);
    const MetricDataResults = MetricDataQueries.map(({ Id, MetricStat }) => {
      const { Namespace = '', MetricName = '', Dimensions = [] } = MetricStat?.Metric ?? {};
      const value = source(Namespace, MetricName, Dimensions[0]?.Value ?? '');
      return {
        Id,
        StatusCode: 'Complete',
        Timestamps: value === undefined ? [] : [Date.now() / MS_PER_SECOND],
        Values: value === undefined ? [] : [value],
      };
    });
    return reply.header('content-type', 'application/x-amz-json-1.0').send({ MetricDataResults });
  });
}

/**
 * Serves CloudWatch's PutMetricAlarm and DeleteAlarms. A change lasts until the templates are deployed again. Call it before the engine listens.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function serveAlarmChanges(app: EngineApp, alarmStates: AlarmStates): void {
  const changes: Readonly<Record<string, (body: unknown) => void>> = {
    'GraniteServiceVersion20100801.PutMetricAlarm': (body) => {
      const { name, description, configuration } = readAlarm(body);
      alarmStates.add(name, description, configuration);
    },
    'GraniteServiceVersion20100801.DeleteAlarms': (body) => {
      for (const name of readRequest<DescribeAlarmsRequest>(body, DESCRIBE_ALARMS).AlarmNames ?? [])
        alarmStates.remove(name);
    },
  };
  app.addHook('preHandler', async (request, reply) => {
    const change = entryOf(changes, String(request.headers['x-amz-target']));
    if (!change) return;
    change(request.body);
    return reply.header('content-type', 'application/x-amz-json-1.0').send({});
  });
}

/**
 * Serves CloudWatch's DescribeAlarms, and the same alarms as a JSON list at `GET /_fanfare/alarms`. Call it before the engine listens.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
export function serveAlarms(app: EngineApp, alarmStates: AlarmStates): void {
  app.get('/_fanfare/alarms', () => alarmStates.alarms.map(({ configuration: _, ...alarm }) => alarm));
  app.addHook('preHandler', async (request, reply) => {
    if (request.headers['x-amz-target'] !== 'GraniteServiceVersion20100801.DescribeAlarms') return;
    const wanted = select(readRequest<DescribeAlarmsRequest>(request.body, DESCRIBE_ALARMS));
    return reply.header('content-type', 'application/x-amz-json-1.0').send({
      MetricAlarms: alarmStates.alarms.filter(wanted).map(describe),
      CompositeAlarms: [],
    });
  });
}

function select({ AlarmNames, AlarmNamePrefix = '', StateValue }: DescribeAlarmsRequest) {
  return ({ name, state }: LocalAlarm): boolean =>
    (AlarmNames?.includes(name) ?? true) &&
    name.startsWith(AlarmNamePrefix) &&
    (StateValue ?? state) === state;
}

/** An alarm as the API returns it. The properties of the template have the same names. */
function describe({ name, description, configuration, state, since, reason }: LocalAlarm): object {
  const updated = Date.parse(since) / MS_PER_SECOND;
  return {
    ...configuration,
    AlarmName: name,
    AlarmDescription: description,
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: updated,
    StateTransitionedTimestamp: updated,
  };
}
