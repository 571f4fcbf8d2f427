import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { GetSubscriptionAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { consumerNamed, readDeployment, requireBus } from '../../../lib/ops/deployment.ts';
import { findHeldMessages } from '../../../lib/ops/destroy/held-messages.ts';
import { AmbiguousNameError, UnknownNameError, UnreadableError } from '../../../lib/ops/errors.ts';
import { readStatus } from '../../../lib/ops/status/status.ts';
import { readParties } from '../../../lib/ops/who/read-parties.ts';

const cloudFormation = new CloudFormationClient({ region: 'us-east-1' });
const answers = mockClient(cloudFormation);
const ACCOUNT = '222222222222';
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:shop-dev-Bus-Topic`;

/** Where nobody answers. */
const NOBODY = 'http://127.0.0.1:1';

interface Described {
  readonly app: string;
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
}

function stackOf({ app, name, tags = {}, outputs = {} }: Described): Stack {
  const StackName = `${app}-dev-${name}`;
  return {
    StackName,
    StackId: `arn:aws:cloudformation:us-east-1:${ACCOUNT}:stack/${StackName}/1`,
    StackStatus: 'UPDATE_COMPLETE',
    CreationTime: new Date(0),
    EnableTerminationProtection: true,
    Tags: Object.entries({ 'fanfare:app': app, 'fanfare:stage': 'dev', ...tags }).map(([Key, Value]) => ({
      Key,
      Value,
    })),
    Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
  };
}

const busOf = (app: string, role = 'bus', name = 'Bus'): Stack =>
  stackOf({
    app,
    name,
    tags: { 'fanfare:role': role },
    outputs: { ApiUrl: 'https://api', TopicArn: TOPIC, AlarmTopicArn: 'arn:alarms' },
  });

const consumerOf = (app: string, name: string, bus?: string, topicArn = TOPIC): Stack =>
  stackOf({
    app,
    name: `C${name}`,
    tags: { 'fanfare:consumer': name, ...(bus !== undefined && { 'fanfare:bus': bus }) },
    outputs: {
      QueueUrl: `https://sqs/${app}-${name}`,
      DeadLetterQueueUrl: 'dead',
      UndeliveredQueueUrl: 'undelivered',
      SubscriptionArn: `${topicArn}:${app}-${name}`,
      IdempotencyTableName: 'table',
      FunctionName: 'function',
    },
  });

const shop = [busOf('shop'), consumerOf('shop', 'email'), consumerOf('shop', 'stock', 'shop-dev-Bus')];
const fraudCheck = consumerOf('fraud', 'fraud-check', 'shop-dev-Bus');

beforeEach(() => answers.reset());

function read(app: string | undefined, ...Stacks: readonly Stack[]) {
  answers.on(DescribeStacksCommand).resolves({ Stacks: [...Stacks] });
  return readDeployment({ cloudFormation }, { app, stage: 'dev' });
}

describe('the deployment of a bus', () => {
  it('has the consumers of other apps that listen to it, with their owner', async () => {
    const deployment = await read(
      'shop',
      ...shop,
      fraudCheck,
      busOf('library'),
      consumerOf('library', 'shelf'),
    );
    expect(deployment.consumers).toMatchObject(
      [
        { name: 'email', owner: 'shop-dev', label: 'email', bus: 'shop-dev-Bus' },
        { name: 'fraud-check', owner: 'fraud-dev', label: 'fraud-dev/fraud-check', bus: 'shop-dev-Bus' },
        { name: 'stock', owner: 'shop-dev', label: 'stock' },
      ].toSorted((a, b) => a.label.localeCompare(b.label)),
    );
    expect(deployment).toMatchObject({
      busOwner: { app: 'shop', stage: 'dev' },
      busPlace: 'here',
      owner: 'shop-dev',
    });
  });

  it('has those of its other buses too', async () => {
    const audit = busOf('shop', 'other-bus', 'Audit');
    const { consumers } = await read('shop', ...shop, audit, consumerOf('fraud', 'log', 'shop-dev-Audit'));
    expect(consumers.map(({ label }) => label)).toContain('fraud-dev/log');
  });

  it('counts the protection of its own stacks only', async () => {
    const { protectedStacks } = await read('shop', busOf('shop'), fraudCheck);
    expect(protectedStacks).toEqual(['shop-dev-Bus']);
  });

  it('is the one that is meant when no app is named and another app only listens', async () => {
    expect(await read(undefined, ...shop, fraudCheck)).toMatchObject({ app: 'shop' });
  });
});

const bridgeOf = (app: string, outputs: Readonly<Record<string, string>> = {}): Stack =>
  stackOf({
    app,
    name: 'FromPayments',
    tags: { 'fanfare:role': 'bridge', 'fanfare:bridge': 'from-payments', 'fanfare:bus': 'shop-dev-Bus' },
    outputs,
  });
const BRIDGE = {
  DeadLetterQueueUrl: 'https://sqs/bridge-dead',
  Emits: 'payments.Received.v2, payments.Refunded.v1',
};

describe('a bridge from EventBridge', () => {
  it('holds what is in its dead-letter queue', async () => {
    const sqs = new SQSClient({ region: 'us-east-1' });
    mockClient(sqs)
      .on(GetQueueAttributesCommand)
      .resolves({ Attributes: { ApproximateNumberOfMessages: '0' } })
      .on(GetQueueAttributesCommand, { QueueUrl: BRIDGE.DeadLetterQueueUrl })
      .resolves({ Attributes: { ApproximateNumberOfMessages: '3' } });
    const deployment = await read('shop', ...shop, bridgeOf('shop', BRIDGE));
    expect(await findHeldMessages({ sqs }, deployment)).toMatchObject([
      { consumer: 'from-payments', role: 'dead-letter queue of a bridge', visible: 3 },
    ]);
  });

  it('is incomplete when it does not say where that queue is', async () => {
    const { incomplete, consumers } = await read('shop', ...shop, bridgeOf('shop'));
    expect(incomplete).toMatchObject([
      { bridge: 'from-payments', owner: 'shop-dev', missingOutputs: ['DeadLetterQueueUrl', 'Emits'] },
    ]);
    expect(consumers).toHaveLength(2);
  });

  it.each([
    ['shop', 'from-payments'],
    ['fraud', 'fraud-dev/from-payments'],
  ])('of the app %s publishes its events, as %s', async (app, name) => {
    const deployment = await read('shop', ...shop, bridgeOf(app, BRIDGE));
    const clients = createOpsClients({ kind: 'local', awsEndpoint: NOBODY, dynamodbEndpoint: NOBODY });
    const { events } = await readParties(clients, deployment, []).finally(() => clients.close());
    expect(events).toMatchObject([
      {
        type: 'payments.Received',
        producers: [{ kind: 'bridge', name, owner: `${app}-dev`, versions: [2] }],
      },
      { type: 'payments.Refunded', producers: [{ kind: 'bridge', name, versions: [1] }] },
    ]);
  });
});

describe('the deployment of an app without a bus', () => {
  it('has its own consumers, and the bus that they listen to', async () => {
    const deployment = await read('fraud', ...shop, fraudCheck);
    expect(deployment.consumers).toMatchObject([{ label: 'fraud-check', owner: 'fraud-dev' }]);
    expect(deployment).toMatchObject({
      app: 'fraud',
      stackName: 'shop-dev-Bus',
      busOwner: { app: 'shop', stage: 'dev' },
      busPlace: 'here',
      topicArn: TOPIC,
    });
    expect(deployment.stacks.map(({ stackName }) => stackName)).toEqual([
      'fraud-dev-Cfraud-check',
      'shop-dev-Bus',
    ]);
    expect(() => requireBus(deployment)).not.toThrow();
  });

  it('knows the topic of a bus in another account, and nothing else of it', async () => {
    const topicArn = 'arn:aws:sns:us-east-1:111111111111:shop-dev-Bus-Topic';
    const deployment = await read('fraud', consumerOf('fraud', 'fraud-check', 'shop-dev-Bus', topicArn));
    expect(deployment).toMatchObject({ busOwner: undefined, busPlace: 'elsewhere', topicArn, apiUrl: '' });
    expect(deployment.incomplete).toEqual([]);
    expect(() => requireBus(deployment)).not.toThrow();
  });

  it('says that a bus of its own account is gone', async () => {
    const deployment = await read('fraud', fraudCheck);
    expect(deployment).toMatchObject({ busPlace: 'gone', stackName: 'shop-dev-Bus' });
    expect(() => requireBus(deployment)).toThrow(UnreadableError);
    expect(() => requireBus(deployment)).toThrow('the bus shop-dev-Bus is gone');
  });

  it('has the bus that most of its consumers listen to', async () => {
    const library = consumerOf('fraud', 'books', 'library-dev-Bus');
    const more = consumerOf('fraud', 'more', 'shop-dev-Bus');
    expect(await read('fraud', library, fraudCheck, more, busOf('library'), ...shop)).toMatchObject({
      stackName: 'shop-dev-Bus',
    });
  });

  it('is suggested when its name is mistyped', async () => {
    const reading = read('frud', ...shop, fraudCheck);
    await expect(reading).rejects.toThrow(UnknownNameError);
    await expect(reading).rejects.toThrow('there are fraud-dev, shop-dev; did you mean fraud-dev?');
  });
});

describe('a name that two apps have given to a consumer', () => {
  const both = [...shop, consumerOf('fraud', 'email', 'shop-dev-Bus')];

  it('is refused alone, and taken with its owner', async () => {
    const deployment = await read('shop', ...both);
    expect(() => consumerNamed(deployment, 'email')).toThrow(AmbiguousNameError);
    expect(() => consumerNamed(deployment, 'email')).toThrow(
      "several apps have a consumer 'email' here; name one of them: fraud-dev/email, shop-dev/email",
    );
    expect(consumerNamed(deployment, 'fraud-dev/email').queueUrl).toBe('https://sqs/fraud-email');
    expect(consumerNamed(deployment, 'shop-dev/email').queueUrl).toBe('https://sqs/shop-email');
    expect(consumerNamed(deployment, 'stock').owner).toBe('shop-dev');
  });

  it('is refused also when the stack of one of them says too little', async () => {
    const half = { ...consumerOf('fraud', 'email', 'shop-dev-Bus'), Outputs: [] };
    const deployment = await read('shop', ...shop, half);
    expect(() => consumerNamed(deployment, 'email')).toThrow(AmbiguousNameError);
    expect(() => consumerNamed(deployment, 'fraud-dev/email')).toThrow(UnreadableError);
  });

  it('is enough in the repository of each', async () => {
    expect(consumerNamed(await read('fraud', ...both), 'email').owner).toBe('fraud-dev');
  });

  it('is enough for a consumer of another app that alone has it', async () => {
    expect(consumerNamed(await read('shop', ...shop, fraudCheck), 'fraud-check').owner).toBe('fraud-dev');
  });
});

describe('a status', () => {
  const sqs = mockClient(SQSClient);
  const sns = mockClient(SNSClient);
  const cloudWatch = mockClient(CloudWatchClient);
  const clients = createOpsClients({ kind: 'aws', region: 'us-east-1' });

  beforeEach(() => {
    for (const mock of [sqs, sns, cloudWatch]) mock.reset();
    cloudWatch.onAnyCommand().resolves({});
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: {} });
    sns.on(GetSubscriptionAttributesCommand).resolves({ Attributes: {} });
  });

  it('is complete although the queues of another app may not be read', async () => {
    const denied = Object.assign(new Error('not you'), { name: 'AccessDenied' });
    sqs.on(GetQueueAttributesCommand, { QueueUrl: 'https://sqs/fraud-fraud-check' }).rejects(denied);
    const status = await readStatus(clients, await read('shop', ...shop, fraudCheck));
    expect(status.consumers).toMatchObject([
      { label: 'email', waiting: 0, problems: [] },
      {
        label: 'fraud-dev/fraud-check',
        waiting: null,
        dead: 0,
        trouble: [],
        problems: [
          {
            resource: 'queue',
            missing: false,
            reason: 'AccessDenied: not you',
          },
        ],
      },
      { label: 'stock', waiting: 0, problems: [] },
    ]);
  });

  it('of a bus in another account says that it is not known, and finds no trouble', async () => {
    const topicArn = 'arn:aws:sns:us-east-1:111111111111:shop-dev-Bus-Topic';
    const deployment = await read('fraud', consumerOf('fraud', 'fraud-check', 'shop-dev-Bus', topicArn));
    const { bus } = await readStatus(clients, deployment);
    expect(bus).toEqual({
      stackName: 'shop-dev-Bus',
      owner: null,
      stackStatus: null,
      alarms: null,
      trouble: [],
      problems: [],
      archive: null,
    });
  });

  it('of a bus that is gone finds that', async () => {
    const { bus } = await readStatus(clients, await read('fraud', fraudCheck));
    expect(bus.trouble).toEqual([
      { kind: 'missing', detail: 'its stack does not exist, and its consumers are left' },
    ]);
  });
});
