import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

/** The template of a bus with these settings. */
function busWith(context: Readonly<Record<string, string>> = {}, fifo = false): Template {
  const app = new App({ context: { app: 'shop', ...WITHOUT_BUNDLING, ...context } });
  const publishEntry = 'test/apps/orders/publish.ts';
  return Template.fromStack(new EventBusStack(app, { settings: readSettings(app.node), fifo, publishEntry }));
}

const on = busWith();
const fifo = busWith({}, true);
const off = busWith({ archive: 'off' });

/** The statements of the role of the archive function, as JSON. */
function statementsOf(template: Template): string[] {
  const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
  const own = policies.filter(([id]) => id.startsWith('BusArchiveFunctionRole'));
  return own.flatMap(([, { Properties }]) =>
    Properties.PolicyDocument.Statement.map((one: unknown) => JSON.stringify(one)),
  );
}

/** The characters of the longest name of a queue, with eight of the stack's id. */
function longestNameOf(template: Template): number {
  const lengths = Object.values(template.findResources('AWS::SQS::Queue')).map(({ Properties }) => {
    const parts: readonly unknown[] = Properties.QueueName['Fn::Join'][1];
    return parts.map((part) => (typeof part === 'string' ? part : '12345678')).join('').length;
  });
  return Math.max(...lengths);
}

describe('the archive of a bus', () => {
  it('takes every event, in batches as large as Lambda takes', () => {
    on.hasResourceProperties('AWS::SNS::Subscription', {
      RawMessageDelivery: true,
      FilterPolicy: Match.absent(),
      FilterPolicyScope: Match.absent(),
    });
    on.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10_000,
      MaximumBatchingWindowInSeconds: 300,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('takes ten events of a FIFO bus at once, and does not wait for more', () => {
    fifo.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: Match.absent(),
    });
    const queues = Object.entries(fifo.findResources('AWS::SQS::Queue'));
    // Only a standard queue delays single messages. What the controller cannot read has no order.
    const standard = (id: string) => id.includes('Later') || id.startsWith('BusIntakeQueuesDeadLetterQueue');
    for (const [id, { Properties }] of queues.filter(([id]) => !standard(id)))
      expect(Properties.FifoQueue, id).toBe(true);
  });

  it.each([
    ['standard', on, 300],
    ['FIFO', fifo, 0],
  ])('keeps a message of a %s bus invisible for six time-outs and the window', (_, template, window) => {
    const functions = Object.entries(template.findResources('AWS::Lambda::Function'));
    const [, own] = functions.find(([id]) => id.startsWith('BusArchiveFunction')) ?? expect.fail();
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 6 * own.Properties.Timeout + window,
      RedrivePolicy: Match.anyValue(),
    });
  });

  it('may read its queue and large data, write its objects and dead letters, and do nothing else', () => {
    const [logs, queue, bury, write, read, list, ...others] = statementsOf(on);
    expect(others).toEqual([]);
    expect(logs).toContain('"logs:PutLogEvents"');
    expect(queue).toContain('"sqs:DeleteMessage","sqs:GetQueueAttributes"');
    expect(queue).not.toContain('sqs:SendMessage');
    expect(bury).toMatch(
      /"Action":"sqs:SendMessage".*"Resource":\{"Fn::GetAtt":\["BusArchiveQueuesDeadLetterQueue\w+","Arn"\]\}/,
    );
    expect(write).toMatch(/"Action":"s3:PutObject".*\/archive\/v1\/\*"/);
    expect(read).toMatch(/"Action":"s3:GetObject".*\/large\/\*"/);
    expect(list).toMatch(
      /"Action":"s3:ListBucket","Condition":\{"StringLike":\{"s3:prefix":"large\/\*\/\?{64}\/\?{64}"\}\}/,
    );
  });

  it('may use the key of the account through S3 only, when there is one', () => {
    const keys = statementsOf(busWith({ dataKey: 'own' })).filter((one) => one.includes('kms:'));
    expect(keys.map((one) => /"Action":"([^"]+)"/.exec(one)?.[1])).toEqual([
      'kms:Decrypt',
      'kms:GenerateDataKey',
    ]);
    for (const one of keys) expect(one).toContain('"kms:ViaService"');
  });

  it('says where its parts are', () => {
    const outputs = Object.keys(on.findOutputs('*')).filter((name) => name.startsWith('Archive'));
    expect(outputs.toSorted()).toEqual([
      'ArchiveDeadLetterQueueUrl',
      'ArchiveFunctionName',
      'ArchiveQueueUrl',
      'ArchiveUndeliveredQueueUrl',
    ]);
  });

  it('is refused when SQS would not take the names of its queues, with what to do', () => {
    const named = (characters: number) => ({ app: 'a'.repeat(20), stage: 'b'.repeat(characters - 20) });
    expect(longestNameOf(busWith(named(39)))).toBe(80);
    expect(() => busWith(named(40))).toThrow(
      /a name of 81 characters, and SQS takes 80.*1 shorter.*archive=off/,
    );
    expect(longestNameOf(busWith(named(37), true))).toBe(80);
    expect(() => busWith(named(40), true)).toThrow(/a name of 83 characters, and SQS takes 80.*archive=off/);
    expect(() => busWith({ ...named(40), archive: 'off' }, true)).not.toThrow();
  });
});

describe('what is archived', () => {
  const rulesOf = (template: Template): readonly { readonly Prefix: string }[] => {
    const [bucket] = Object.values(template.findResources('AWS::S3::Bucket'));
    return bucket?.Properties.LifecycleConfiguration.Rules;
  };

  it('stays, unless a setting says how long', () => {
    expect(rulesOf(on).map(({ Prefix }) => Prefix)).toEqual(['large/', 'events/']);
    expect(rulesOf(busWith({ archiveDays: '400' })).at(-1)).toEqual({
      ExpirationInDays: 400,
      Prefix: 'archive/v1/',
      Status: 'Enabled',
    });
  });

  it('moves to colder storage when a setting says when', () => {
    expect(rulesOf(busWith({ archiveColdDays: '30' })).at(-1)).toEqual({
      Prefix: 'archive/v1/',
      Status: 'Enabled',
      Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 30 }],
    });
  });

  it('can be a table of Athena, whose partitions are worked out', () => {
    on.resourceCountIs('AWS::Glue::Table', 0);
    const table = busWith({ archiveTable: 'on' });
    table.hasResourceProperties('AWS::Glue::Database', { DatabaseInput: { Name: 'shop_dev_bus' } });
    table.hasResourceProperties('AWS::Glue::Table', {
      DatabaseName: 'shop_dev_bus',
      TableInput: {
        Name: 'archive',
        PartitionKeys: [{ Name: 'date' }, { Name: 'hour' }],
        Parameters: Match.objectLike({
          'projection.enabled': 'true',
          'projection.hour.digits': '2',
          'storage.location.template': {
            'Fn::Join': ['', Match.arrayWith([`/archive/v1/date=\${date}/hour=\${hour}/`])],
          },
        }),
        StorageDescriptor: {
          Columns: Match.arrayWith([{ Name: 'arrivedat', Type: 'string' }]),
          SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
        },
      },
    });
  });
});

it('leaves nothing of an archive in the bus when it is off', () => {
  const isOfArchive = (id: string): boolean => /^BusArchive|^BusParametersreplayFunctionArn/.test(id);
  const { Resources, Outputs } = on.toJSON();
  const without = off.toJSON();
  const rest = Object.entries(Resources).filter(([id]) => !isOfArchive(id));
  expect(without.Resources).toEqual(Object.fromEntries(rest));
  expect(Object.keys(without.Outputs)).toEqual(
    Object.keys(Outputs).filter((name) => !/^(Archive|Replay)/.test(name) && !isOfArchive(name)),
  );
  expect(JSON.stringify(without).toLowerCase()).not.toContain('archive');
});

it('lets the replay function ask about tables of consumers of its bus, and read none of them', () => {
  const policies = Object.entries(on.findResources('AWS::IAM::Policy'));
  const [, policy] = policies.find(([id]) => id.startsWith('BusArchiveReplayFunctionRole')) ?? expect.fail();
  const statements: readonly { readonly Action: string | readonly string[] }[] =
    policy.Properties.PolicyDocument.Statement;
  const [asking, ...others] = statements.filter((one) => JSON.stringify(one).includes(':table/*'));
  expect(others).toEqual([]);
  expect(asking).toMatchObject({
    Action: 'dynamodb:DescribeTable',
    Condition: { StringEquals: { 'aws:ResourceTag/fanfare:bus': 'shop-dev-Bus' } },
  });
});
