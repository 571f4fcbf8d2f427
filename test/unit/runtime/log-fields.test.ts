import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BatchItem } from '../../../lib/runtime/batch/batch-item.ts';
import {
  type EmbeddedMetric,
  embedMetrics,
  MAX_VALUES,
} from '../../../lib/runtime/telemetry/embedded-metrics.ts';
import { eventEntry, eventKeys, outcomeEntry } from '../../../lib/runtime/telemetry/event-keys.ts';
import { jobsOf, recordOf } from './batch-items.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const event = { specversion: '1.0', id: 'e', source: '/test', type: 'test.Asked.v2' } as const;

it('a line about one event has its identity, its version and its trace', () => {
  const trace = { correlationid: 'story', causationid: 'cause', traceparent: '00-1-2-01' };
  expect(eventKeys({ ...event, ...trace, upcastfrom: 'test.Asked.v1' })).toEqual({
    eventId: 'e',
    source: '/test',
    type: 'test.Asked.v2',
    upcastFrom: 'test.Asked.v1',
    correlationId: 'story',
    causationId: 'cause',
    traceparent: '00-1-2-01',
  });
});

describe('in a line about several events, an event', () => {
  it.each<[string, object, number, object]>([
    ['has its id and source', {}, 1, {}],
    ['that began its story has no other id', { correlationid: 'e' }, 1, {}],
    ['of the story of another has that id', { correlationid: 'story' }, 1, { correlationId: 'story' }],
    ['that comes again has the count', {}, 2, { receiveCount: 2 }],
  ])('%s', (_, attributes, receiveCount, more) => {
    expect(eventEntry({ event: { ...event, ...attributes }, receiveCount })).toStrictEqual({
      eventId: 'e',
      source: '/test',
      ...more,
    });
  });

  const record = recordOf('e');
  it.each<[string, Partial<BatchItem>, object]>([
    ['that was not finished says so', {}, { outcome: 'unfinished' }],
    ['has its outcome', { outcome: { status: 'duplicate' } }, { outcome: 'duplicate' }],
    ['has its attempt after the first', { attempt: 2 }, { outcome: 'unfinished', attempt: 2 }],
    ['has its first attempt left out', { attempt: 1 }, { outcome: 'unfinished' }],
    ['has the count of its messages', { records: [record, record] }, { outcome: 'unfinished', messages: 2 }],
    [
      'has the time that its handler took',
      { startedAt: 1_000, endedAt: 1_012 },
      { outcome: 'unfinished', milliseconds: 12 },
    ],
    ['has the shortest time', { startedAt: 0, endedAt: 1 }, { outcome: 'unfinished', milliseconds: 1 }],
  ])('of a finished batch %s', (_, change, more) => {
    const [item = expect.fail('no item')] = jobsOf([record], change);
    expect(outcomeEntry(item)).toStrictEqual({ eventId: 'e', source: '/test', ...more });
  });
});

describe('the metrics of a line', () => {
  const metric = (name: string, ...values: number[]): EmbeddedMetric => ({ name, unit: 'Count', values });

  it('are its fields, and are described for CloudWatch', () => {
    const age: EmbeddedMetric = { name: 'age', unit: 'Milliseconds', values: [5] };
    expect(embedMetrics(7, [metric('none'), age, metric('many', 1, 2)])).toStrictEqual({
      age: 5,
      many: [1, 2],
      _aws: {
        Timestamp: 7,
        CloudWatchMetrics: [
          {
            Namespace: 'Fanfare',
            Dimensions: [['service']],
            Metrics: [
              { Name: 'age', Unit: 'Milliseconds' },
              { Name: 'many', Unit: 'Count' },
            ],
          },
        ],
      },
    });
  });

  it('are in the namespace of the environment', () => {
    vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Other');
    expect(embedMetrics(7, [metric('one', 1)])).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Namespace: 'Other' }] },
    });
  });

  it('are left out without values, which CloudWatch takes 100 of', () => {
    expect(embedMetrics(7, [metric('none')])).toEqual({});
    expect(MAX_VALUES).toBe(100);
  });
});
