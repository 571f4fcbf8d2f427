import type { AlarmBoard, LocalAlarm, MetricSource } from './alarms.ts';
import type { EngineApp } from './engines/fauxqs.ts';

/** What is read of a request for alarms; whatever else is asked for is left out of account. */
interface DescribeAlarmsRequest {
  readonly AlarmNames?: readonly string[];
  readonly AlarmNamePrefix?: string;
  readonly StateValue?: string;
}

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
 * CloudWatch's GetMetricData on this machine, of the metrics that alarms here can look at: each has one value, the present
 * one. Call it before the engine listens.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export function serveMetrics(app: EngineApp, source: MetricSource): void {
  app.addHook('preHandler', async (request, reply) => {
    if (request.headers['x-amz-target'] !== 'GraniteServiceVersion20100801.GetMetricData') return;
    // The engine has parsed the body as JSON, which the SDK has written.
    const { MetricDataQueries = [] } = request.body as GetMetricDataRequest;
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
 * CloudWatch's DescribeAlarms on this machine, as the SDK and the command line ask for it; and the same as a plain list,
 * `GET /_fanfare/alarms`. Call it before the engine listens.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
 */
export function serveAlarms(app: EngineApp, board: AlarmBoard): void {
  app.get('/_fanfare/alarms', () => board.alarms.map(({ configuration: _, ...alarm }) => alarm));
  app.addHook('preHandler', async (request, reply) => {
    if (request.headers['x-amz-target'] !== 'GraniteServiceVersion20100801.DescribeAlarms') return;
    // The engine has parsed the body as JSON, which the SDK has written.
    const wanted = select(request.body as DescribeAlarmsRequest);
    return reply.header('content-type', 'application/x-amz-json-1.0').send({
      MetricAlarms: board.alarms.filter(wanted).map(describe),
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

/** The properties of the template have the names that the API has. */
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
