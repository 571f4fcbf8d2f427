import { readFileSync } from 'node:fs';
import type { Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { REPLAY_DAYS } from '../../lib/archive/replay-retention.ts';
import { defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { MAX_DELAY_DAYS } from '../../lib/contracts/envelope/deliver-at.ts';
import { CANCELLATION_DAYS } from '../../lib/later/cancellations.ts';
import { TAIL_RETENTION_SECONDS } from '../../lib/ops/tail.ts';
import { OrderPlaced } from '../apps/orders/events/index.ts';
import { findAll, synthesize } from '../cdk/synthesized.ts';

const DAY_SECONDS = 86_400;
const section =
  /\n## Where personal data lies\n([\s\S]*?)(?:\n## |$)/.exec(
    readFileSync('docs/security.md', 'utf8'),
  )?.[1] ?? '';

/** The table of docs/security.md: what it says for each stage, by place. */
const documented = new Map(
  [...section.matchAll(/^\| ([^|]+) \| [^|]+ \| ([^|`-]+) \| ([^|`-]+) \|$/gm)].map(
    ([, where = '', dev, prod]) => [where, { dev, prod }],
  ),
);

type Resources = ReturnType<typeof findAll>;

/** The one value that all of them have. */
function same(resources: Resources, read: (properties: Resources[number]['properties']) => unknown): string {
  const values = new Set(resources.map(({ properties }) => read(properties)));
  expect(resources.length).toBeGreaterThan(0);
  expect(values.size).toBe(1);
  const [value] = values;
  return String(value);
}

const days = (count: unknown): string => (count === undefined ? 'none' : `${count} days`);

/** What the templates of a stage and the defaults of the contracts say, by place. */
function actual(stacks: ReadonlyMap<string, Stack>): ReadonlyMap<string, string> {
  const queues = findAll(stacks, 'AWS::SQS::Queue');
  const tables = findAll(stacks, 'AWS::DynamoDB::Table');
  const logGroups = findAll(stacks, 'AWS::Logs::LogGroup');
  const buckets = findAll(stacks, 'AWS::S3::Bucket');
  const named = (resources: Resources, part: string) => resources.filter(({ where }) => where.includes(part));
  const others = (resources: Resources, part: string) =>
    resources.filter(({ where }) => !where.includes(part));
  const retention = (kept: Resources) =>
    same(kept, ({ MessageRetentionPeriod }) => days(MessageRetentionPeriod / DAY_SECONDS));
  const expiration = (kept: Resources) =>
    same(kept, ({ LifecycleConfiguration }) => days(LifecycleConfiguration.Rules[0].ExpirationInDays));
  const archived = (kept: Resources) =>
    same(kept, ({ LifecycleConfiguration: { Rules } }) =>
      Rules.some(({ Prefix }: { readonly Prefix: string }) => Prefix.startsWith('archive/'))
        ? 'some time'
        : 'for ever',
    );
  const logs = (kept: Resources) => same(kept, ({ RetentionInDays }) => days(RetentionInDays));
  const accessLogs = named(buckets, 'AccessLogs');
  const { idempotencyDays } = defineConsumer({ name: 'any', description: 'Any.', listensTo: [OrderPlaced] });
  const expires = (table: Resources) =>
    same(table, ({ TimeToLiveSpecification }) => TimeToLiveSpecification !== undefined) === 'true';
  return new Map([
    ['queue of a consumer', retention(others(named(queues, 'QueuesQueue'), 'Intake'))],
    ['dead-letter queue', retention(named(queues, 'DeadLetterQueue'))],
    ['undelivered queue', retention(named(queues, 'UndeliveredQueue'))],
    ['queue of the controller', retention(named(queues, 'IntakeQueuesQueue'))],
    ['schedules of [later events](later.md)', days(MAX_DELAY_DAYS)],
    ['bucket of large data', expiration(others(buckets, 'AccessLogs'))],
    ['[archive](archive.md)', archived(others(buckets, 'AccessLogs'))],
    ['idempotency records', expires(named(tables, 'Idempotency')) ? days(idempotencyDays) : 'for ever'],
    [
      'tables of consumers',
      expires(others(named(tables, 'Consumer'), 'Idempotency')) ? 'some time' : 'for ever',
    ],
    ['table of [replays](replay.md)', expires(named(tables, 'Replay')) ? days(REPLAY_DAYS) : 'for ever'],
    ['table of stopped consumers', expires(named(tables, 'Intake')) ? 'some time' : 'for ever'],
    [
      'table of cancelled events',
      expires(named(tables, 'Cancellations')) ? days(CANCELLATION_DAYS) : 'for ever',
    ],
    // DynamoDB keeps 35 days unless a table says otherwise.
    [
      'backups of all tables',
      same(
        tables,
        ({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled, RecoveryPeriodInDays = 35 } }) =>
          days(PointInTimeRecoveryEnabled ? RecoveryPeriodInDays : undefined),
      ),
    ],
    ['logs of functions', logs(named(logGroups, 'Function'))],
    ['access log of the API', logs(others(logGroups, 'Function'))],
    ['access log of the bucket', accessLogs.length > 0 ? expiration(accessLogs) : 'none'],
    ['queue of `fanfare tail` and the console', `${TAIL_RETENTION_SECONDS / 60} minutes`],
  ]);
}

describe('docs/security.md', () => {
  it.each([
    ['dev', {}],
    ['prod', { stage: 'prod', alarmEmail: 'ops@example.com', mailFrom: 'orders@shop.dev' }],
  ] as const)(
    'says for how long stage %s keeps what, of every place that keeps anything',
    (stage, context) => {
      const said = new Map([...documented].map(([where, { [stage]: kept }]) => [where, kept]));
      expect(said).toEqual(actual(synthesize(context)));
    },
  );

  it('says when the last trace of a person is gone: the longest of the table', () => {
    const kept = [...documented.values()].map(({ prod = '' }) => Number.parseInt(prod, 10));
    const longest = Math.max(...kept.filter((count) => !Number.isNaN(count)));
    expect(section.replaceAll('\n', ' ')).toContain(`is gone ${longest} days after`);
  });

  it('says everywhere the same: no number of days in its text that the table does not have, but those of AWS', () => {
    const ofAws = ['23', '30', '21'];
    const inTable = [...documented.values()].flatMap(({ dev = '', prod = '' }) => [dev, prod]);
    const known = new Set([...ofAws, ...inTable.map((kept) => kept.split(' ')[0])]);
    const mentioned = [...section.matchAll(/(\d+) days/g)].map(([, count]) => count);
    expect(mentioned.filter((count) => !known.has(count))).toEqual([]);
  });
});
