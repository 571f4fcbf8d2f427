import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { findAll, synthesize } from './synthesized.ts';

const stacks = synthesize();
const bus = Template.fromStack(stacks.get('Bus') ?? expect.fail('there is no bus'));
const inventory = Template.fromStack(stacks.get('Inventory') ?? expect.fail('there is no inventory'));
/** What has a queue that a function empties: the consumers, and the archive of the bus. */
const ARCHIVES = 1;
/** What replays the archive has a queue that no topic fills. */
const REPLAYS = 1;
/** What delivers events later has a queue with two dead-letter queues: its own, and that of schedules. */
const LATERS = 1;
/** The controller has a queue of its own too, and a place for messages that it cannot read. */
const CONTROLS = 1;
/** Actions that no resource can be named for. */
const NAMELESS = new Set(['cloudwatch:GetMetricData', 'lambda:ListEventSourceMappings']);
const consumers = [...stacks.keys()].filter((name) => name !== 'Bus' && name !== 'Monitoring');

describe('every queue', () => {
  const queues = findAll(stacks, 'AWS::SQS::Queue');
  const work = queues.filter(({ properties }) => properties.RedrivePolicy !== undefined);

  it('is one of three of a consumer or the archive: for work, for dead letters, for what SNS could not deliver; or of the two of replays or the controller, or of the three of later events', () => {
    expect(queues).toHaveLength(3 * (consumers.length + ARCHIVES + LATERS) + 2 * (REPLAYS + CONTROLS));
    expect(work).toHaveLength(consumers.length + ARCHIVES + REPLAYS + LATERS);
  });

  it.each(queues)('$where is encrypted and refuses plain HTTP', ({ where, properties }) => {
    expect(properties.SqsManagedSseEnabled).toBe(true);
    const [stack, logicalId] = where.split('/');
    const policies = findAll(stacks, 'AWS::SQS::QueuePolicy').filter(
      (policy) =>
        policy.where.startsWith(`${stack}/`) &&
        JSON.stringify(policy.properties.Queues).includes(`"${logicalId}"`),
    );
    expect(JSON.stringify(policies)).toContain('"aws:SecureTransport":"false"');
  });

  it.each(work)('$where stays invisible for six function time-outs', ({ where, properties }) => {
    const [stack] = where.split('/');
    const [handler] = findAll(stacks, 'AWS::Lambda::Function').filter(
      (one) => one.where.startsWith(`${stack}/`) && !one.where.includes('PublishFunction'),
    );
    expect(properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * handler?.properties.Timeout);
  });

  it('keeps dead letters for 14 days, longer than the queue that they come from', () => {
    for (const { properties } of queues) {
      expect(properties.MessageRetentionPeriod).toBe(properties.RedrivePolicy ? 604_800 : 1_209_600);
    }
  });

  it('lets a dead-letter queue serve its own queue only', () => {
    inventory.hasResourceProperties('AWS::SQS::Queue', {
      RedriveAllowPolicy: { redrivePermission: 'byQueue', sourceQueueArns: Match.anyValue() },
    });
  });
});

describe('every subscription', () => {
  it.each(findAll(stacks, 'AWS::SNS::Subscription'))(
    '$where delivers raw, filters by type unless it is that of the archive, and has a dead-letter queue of its own',
    ({ where, properties }) => {
      expect(properties.RawMessageDelivery).toBe(true);
      if (where.startsWith('Bus/BusArchive')) expect(properties).not.toHaveProperty('FilterPolicy');
      else expect(properties.FilterPolicy.type.length).toBeGreaterThan(0);
      expect(properties.RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0]).toContain('Undelivered');
    },
  );

  it('takes its filter policy from the contracts', () => {
    inventory.hasResourceProperties('AWS::SNS::Subscription', {
      FilterPolicy: { type: ['shop.OrderPlaced.v1', 'shop.StockReceived.v1'] },
    });
  });

  it('may write to its queues for this topic only', () => {
    const statements = findAll(stacks, 'AWS::SQS::QueuePolicy')
      .flatMap(({ properties }) => properties.PolicyDocument.Statement)
      .filter(({ Principal }) => Principal.Service === 'sns.amazonaws.com');
    expect(statements).toHaveLength(2 * (consumers.length + ARCHIVES));
    for (const { Condition } of statements) expect(Condition.ArnEquals['aws:SourceArn']).toBeDefined();
  });
});

describe('every function', () => {
  it.each(findAll(stacks, 'AWS::Lambda::Function'))(
    '$where runs Node 24 on arm64, with JSON logs, and is not traced, which would cost more than all else',
    ({ properties }) => {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        LoggingConfig: { LogFormat: 'JSON' },
      });
      expect(properties.TracingConfig).toBeUndefined();
    },
  );

  it('has logs that are forgotten', () => {
    for (const { properties } of findAll(stacks, 'AWS::Logs::LogGroup'))
      expect(properties.RetentionInDays).toBe(7);
  });

  it('may do nothing to everything, but for X-Ray if it is on and metrics, which name no resources', () => {
    const traced = synthesize({ xray: 'on' });
    for (const { properties } of findAll(traced, 'AWS::Lambda::Function'))
      expect(properties.TracingConfig).toEqual({ Mode: 'Active' });
    for (const { properties } of [
      ...findAll(stacks, 'AWS::IAM::Policy'),
      ...findAll(traced, 'AWS::IAM::Policy'),
    ]) {
      for (const { Action, Resource } of properties.PolicyDocument.Statement) {
        expect(JSON.stringify(Action)).not.toContain('*');
        if (Resource === '*')
          expect([Action].flat().every((action) => NAMELESS.has(action) || action.startsWith('xray:'))).toBe(
            true,
          );
      }
    }
  });

  it('may publish only if it emits', () => {
    const allowed = (name: string) =>
      JSON.stringify(findAll(new Map([...stacks].filter(([key]) => key === name)), 'AWS::IAM::Policy'));
    expect(allowed('Inventory')).toContain('sns:Publish');
    expect(allowed('Analytics')).not.toContain('sns:Publish');
  });
});

it('reports batch item failures in every event source mapping, with a maximum concurrency, which message groups of the bus need not', () => {
  const mappings = findAll(stacks, 'AWS::Lambda::EventSourceMapping');
  expect(mappings).toHaveLength(consumers.length + ARCHIVES + REPLAYS + LATERS + CONTROLS);
  for (const { properties, where } of mappings) {
    expect(properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    if (where.includes('Replay') || where.includes('Intake')) continue;
    expect(properties.ScalingConfig.MaximumConcurrency).toBeGreaterThanOrEqual(2);
  }
});

it('forgets idempotency records by TTL, and pays per request', () => {
  const tables = findAll(stacks, 'AWS::DynamoDB::Table').filter(({ where }) => where.includes('Idempotency'));
  expect(tables).toHaveLength(consumers.length);
  for (const { properties } of tables) {
    expect(properties.TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
    expect(properties.BillingMode).toBe('PAY_PER_REQUEST');
  }
});

describe('every alarm', () => {
  const alarms = findAll(stacks, 'AWS::CloudWatch::Alarm');

  it.each(alarms)(
    '$where tells the alarm topic, says what to do, and takes no data for no trouble',
    ({ properties }) => {
      expect(properties.AlarmActions).toHaveLength(1);
      expect(properties.AlarmDescription.length).toBeGreaterThan(40);
      expect(properties.TreatMissingData).toBe('notBreaching');
    },
  );

  it('is there for each of six troubles of a consumer, and for its open breaker if it has one', () => {
    for (const consumer of consumers) {
      const own = alarms.filter(({ where }) => where.startsWith(`${consumer}/`));
      const hasBreaker = own.some(({ properties }) => properties.MetricName === 'BreakerOpen');
      expect(own).toHaveLength(hasBreaker ? 7 : 6);
    }
  });

  it('looks at what lies in the dead-letter queue, and at whether it grows', () => {
    inventory.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'visible + inFlight' })]),
      Threshold: 0,
    });
    inventory.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([Match.objectLike({ Expression: 'DIFF(visible + inFlight)' })]),
      Threshold: 0,
    });
  });

  it('may publish to its encrypted topic', () => {
    bus.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Principal: { Service: 'cloudwatch.amazonaws.com' } }),
        ]),
      },
    });
  });
});

describe('the bucket for large data', () => {
  it('keeps it for longer than a message can live, and then forgets it', () => {
    const [bucket] = findAll(stacks, 'AWS::S3::Bucket');
    const rules: readonly { Prefix: string; Status: string; ExpirationInDays: number }[] =
      bucket?.properties.LifecycleConfiguration.Rules ?? [];
    // The second is where earlier versions have put it.
    expect(rules.map(({ Prefix }) => Prefix)).toEqual(['large/', 'events/']);
    for (const { Status, ExpirationInDays } of rules) {
      expect(Status).toBe('Enabled');
      expect(ExpirationInDays * 86_400).toBeGreaterThan(604_800 + 1_209_600);
    }
  });

  it('is private, encrypted and refuses plain HTTP', () => {
    bus.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      BucketEncryption: Match.anyValue(),
    });
    bus.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ],
      },
    });
  });

  it('is written by the publish function, the archive and replays, and read by consumers, the archive and replays, and only so', () => {
    const actions = (template: Template): readonly unknown[] =>
      Object.values(template.findResources('AWS::IAM::Policy'))
        .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
        .flatMap(({ Action }) => Action)
        .filter((action) => String(action).startsWith('s3:'));
    expect(actions(bus)).toEqual([
      's3:PutObject',
      ...['s3:PutObject', 's3:GetObject', 's3:ListBucket'],
      ...['s3:GetObject', 's3:ListBucket', 's3:PutObject'],
    ]);
    expect(actions(inventory)).toEqual(['s3:GetObject', 's3:ListBucket']);
  });
});

describe('the HTTP API', () => {
  it('is closed to all but IAM principals', () => {
    bus.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: 'POST /events',
      AuthorizationType: 'AWS_IAM',
    });
  });

  it('is throttled and logs who called', () => {
    bus.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: Match.objectLike({ ThrottlingBurstLimit: 500, ThrottlingRateLimit: 500 }),
      AccessLogSettings: Match.objectLike({ DestinationArn: Match.anyValue() }),
    });
  });
});

it('never mentions a consumer in the bus', () => {
  const text = JSON.stringify(bus.toJSON()).toLowerCase();
  for (const consumer of consumers) expect(text).not.toContain(consumer.toLowerCase());
});

describe('the replay function', () => {
  const [policy] = Object.entries(bus.findResources('AWS::IAM::Policy')).filter(([id]) =>
    id.includes('Replay'),
  );
  const statements: readonly { Action: string | string[]; Resource: unknown; Condition?: unknown }[] =
    policy?.[1].Properties.PolicyDocument.Statement;

  it('sends to its own queue, and else only to queues of consumers of its bus', () => {
    const sending = statements.filter(({ Action }) => [Action].flat().includes('sqs:SendMessage'));
    expect(sending).toHaveLength(2);
    expect(JSON.stringify(sending[0]?.Resource)).toContain('ReplayQueues');
    expect(sending[1]?.Condition).toEqual({
      StringEquals: { 'aws:ResourceTag/fanfare:bus': 'shop-dev-Bus' },
    });
  });

  it('may feed its own queue without Lambda taking that for a loop', () => {
    bus.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ REPLAY_TABLE: Match.anyValue() }) },
      RecursiveLoop: 'Allow',
    });
  });
});
