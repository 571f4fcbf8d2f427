import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeployedConsumer } from '../../../lib/ops/deployment.ts';
import { readQueueMetrics } from '../../../lib/ops/status/queue-metrics.ts';
import { type Observed, troubleOf } from '../../../lib/ops/status/trouble.ts';

const cloudWatch = new CloudWatchClient({ region: 'us-east-1' });
const answers = mockClient(cloudWatch);
const consumerOf = (name: string): DeployedConsumer => ({
  name,
  owner: 'shop-dev',
  label: name,
  bus: 'shop-dev-Bus',
  stackName: '',
  queueUrl: `https://sqs.us-east-1.amazonaws.com/1/${name}`,
  deadLetterQueueUrl: '',
  undeliveredQueueUrl: '',
  subscriptionArn: '',
  idempotencyTable: '',
  functionName: '',
});

beforeEach(() => answers.reset());

/** What CloudWatch has of each metric, a value a minute, the latest first. */
function answer(series: Readonly<Record<string, readonly number[]>>, latestMinutesAgo = 2): void {
  answers.on(GetMetricDataCommand).callsFake(({ MetricDataQueries = [] }: GetMetricDataCommandInput) => ({
    MetricDataResults: MetricDataQueries.map(({ Id, MetricStat }) => {
      const Values = series[MetricStat?.Metric?.MetricName ?? ''] ?? [];
      const at = (minute: number) => new Date(Date.now() - (latestMinutesAgo + minute) * 60_000);
      return { Id, Values, Timestamps: Values.map((_, minute) => at(minute)) };
    }),
  }));
}

const read = async () => (await readQueueMetrics({ cloudWatch }, [consumerOf('email')])).get('email');

describe('the metrics of a queue', () => {
  it('are those of the latest minute', async () => {
    answer({
      ApproximateAgeOfOldestMessage: [7, 900],
      NumberOfMessagesSent: [3, 1],
      NumberOfMessagesDeleted: [2, 1],
    });
    expect(await read()).toMatchObject({ oldestAgeSeconds: 7, sentPerMinute: 3, deletedPerMinute: 2 });
  });

  it('are not known when CloudWatch has none of late, which is not the same as 0', async () => {
    answer({});
    expect(await read()).toEqual({
      oldestAgeSeconds: null,
      sentPerMinute: null,
      deletedPerMinute: null,
      stalledMinutes: 0,
    });
    answer({ ApproximateAgeOfOldestMessage: [7] }, 15);
    expect(await read()).toMatchObject({ oldestAgeSeconds: null });
  });

  it.each([
    ['nothing is deleted', [4, 4, 4, 0, 4], [0, 0, 0, 0, 0], 3],
    ['something is deleted', [4, 4, 4, 4], [0, 0, 1, 0], 2],
    ['nothing is in flight now', [0, 4, 4], [0, 0, 0], 0],
  ])('say for how long messages have been in flight while %s', async (_, inFlight, deleted, minutes) => {
    answer({ ApproximateNumberOfMessagesNotVisible: inFlight, NumberOfMessagesDeleted: deleted });
    expect(await read()).toMatchObject({ stalledMinutes: minutes });
  });

  it('of many consumers are asked for within the limit of a request', async () => {
    answer({ NumberOfMessagesSent: [1] });
    const consumers = Array.from({ length: 130 }, (_, index) => consumerOf(`c-${index}`));
    const metrics = await readQueueMetrics({ cloudWatch }, consumers);
    expect([...metrics.values()].map(({ sentPerMinute }) => sentPerMinute)).toEqual(consumers.map(() => 1));
    const asked = answers
      .commandCalls(GetMetricDataCommand)
      .map(({ args }) => args[0].input.MetricDataQueries?.length);
    expect(asked).toEqual([500, 20]);
  });
});

describe('messages in flight', () => {
  const observed: Observed = {
    alarms: [],
    dead: 0,
    undelivered: 0,
    waiting: 0,
    inFlight: 2_500,
    // SQS leaves what was received three times out of the age.
    oldestAgeSeconds: 0,
    stalledMinutes: 4,
    lateAfterSeconds: 180,
    problems: [],
    intake: null,
  };

  it('are late when none was done for longer than the visibility timeout, whatever the age says', () => {
    expect(troubleOf(observed)).toEqual([
      { kind: 'late', detail: '2500 messages in flight, and none was done for 4 min, over 180 s' },
    ]);
  });

  it.each([
    ['was never stopped', { state: 'flowing' }],
    [
      'flows again',
      { state: 'flowing', since: '2026-11-27T12:00:00.000Z', by: 'ada@laptop', reason: 'over' },
    ],
  ] as const)('is no trouble of the intake of a consumer that %s', (_, intake) => {
    expect(troubleOf({ ...observed, stalledMinutes: 0, intake })).toEqual([]);
  });

  it('wait while a consumer is paused or its breaker is open, and the trouble says why', () => {
    const since = '2026-11-27T12:00:00.000Z';
    const until = '2026-11-27T14:00:00.000Z';
    const detailOf = (intake: Observed['intake']) => troubleOf({ ...observed, stalledMinutes: 0, intake });
    expect(detailOf({ state: 'paused', since, until, by: 'ada@laptop', reason: 'the bank moves' })).toEqual([
      {
        kind: 'paused',
        detail: 'paused since 2026-11-27 12:00:00Z until 2026-11-27 14:00:00Z, by ada@laptop: the bank moves',
      },
    ]);
    expect(detailOf({ state: 'paused', since })).toEqual([
      { kind: 'paused', detail: 'paused since 2026-11-27 12:00:00Z, until somebody resumes it' },
    ]);
    expect(detailOf({ state: 'tripped', since, nextProbeAt: until, reason: 'no answer' })).toEqual([
      {
        kind: 'breaker',
        detail: 'breaker open since 2026-11-27 12:00:00Z, next probe 2026-11-27 14:00:00Z: no answer',
      },
    ]);
    expect(detailOf({ state: 'tripped', since })).toEqual([
      { kind: 'breaker', detail: 'breaker open since 2026-11-27 12:00:00Z' },
    ]);
  });

  it.each([
    ['for a moment', { stalledMinutes: 3 }],
    ['no longer', { inFlight: 0 }],
    ['at a queue that could not be read', { inFlight: null, lateAfterSeconds: null }],
  ])('are not late when they are %s', (_, change) => {
    expect(troubleOf({ ...observed, ...change })).toEqual([]);
  });
});
