import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { consumerNamed, readDeployment, requireBus } from '../../../lib/ops/deployment.ts';
import { readStacks } from '../../../lib/ops/doctor/read-stacks.ts';
import { AmbiguousNameError, UnknownNameError, UnreadableError } from '../../../lib/ops/errors.ts';

const cloudFormation = new CloudFormationClient({ region: 'us-east-1' });
const answers = mockClient(cloudFormation);

const stackOf = (
  StackName: string,
  StackStatus: Stack['StackStatus'],
  tags: Readonly<Record<string, string>>,
  outputs: readonly string[],
): Stack => ({
  StackName,
  StackStatus,
  CreationTime: new Date(0),
  Tags: Object.entries({ 'fanfare:app': 'shop', 'fanfare:stage': 'prod', ...tags }).map(([Key, Value]) => ({
    Key,
    Value,
  })),
  Outputs: outputs.map((OutputKey) => ({ OutputKey, OutputValue: `the ${OutputKey}` })),
});
const BUS = ['ApiUrl', 'TopicArn', 'AlarmTopicArn'];
const CONSUMER = [
  'QueueUrl',
  'DeadLetterQueueUrl',
  'UndeliveredQueueUrl',
  'SubscriptionArn',
  'IdempotencyTableName',
  'FunctionName',
];
const bus = stackOf('shop-prod-Bus', 'UPDATE_COMPLETE', { 'fanfare:role': 'bus' }, BUS);
const email = stackOf('shop-prod-Email', 'CREATE_COMPLETE', { 'fanfare:consumer': 'email' }, CONSUMER);

const ofLibrary = stackOf(
  'library-prod-Shelf',
  'CREATE_COMPLETE',
  { 'fanfare:app': 'library', 'fanfare:consumer': 'shelf' },
  CONSUMER,
);
const busOf = (app: string, stage: string): Stack =>
  stackOf(
    `${app}-${stage}-Bus`,
    'CREATE_COMPLETE',
    { 'fanfare:app': app, 'fanfare:stage': stage, 'fanfare:role': 'bus' },
    BUS,
  );

beforeEach(() => answers.reset());

function answer(...Stacks: readonly Stack[]): void {
  answers.on(DescribeStacksCommand).resolves({ Stacks: [...Stacks] });
}

describe('a deployment', () => {
  it.each([
    ['CREATE_IN_PROGRESS', [], 'wait for CloudFormation'],
    ['ROLLBACK_COMPLETE', [], 'deploy it again'],
    ['UPDATE_COMPLETE', CONSUMER.filter((key) => key !== 'UndeliveredQueueUrl'), 'deploy it again'],
  ] as const)(
    'has a consumer whose stack is %s and says too little, and all others',
    async (status, outputs, remedy) => {
      answer(bus, stackOf('shop-prod-New', status, { 'fanfare:consumer': 'new' }, outputs), email);
      const deployment = await readDeployment({ cloudFormation }, { app: 'shop', stage: 'prod' });
      expect(deployment.consumers.map(({ name }) => name)).toEqual(['email']);
      const [incomplete] = deployment.incomplete;
      expect(incomplete).toMatchObject({
        consumer: 'new',
        stackName: 'shop-prod-New',
        stackStatus: status,
      });
      expect(incomplete?.missingOutputs).toEqual(
        CONSUMER.filter((key) => !outputs.some((one) => one === key)),
      );
      expect(() => consumerNamed(deployment, 'new')).toThrow(UnreadableError);
      expect(() => consumerNamed(deployment, 'new')).toThrow(remedy);
      expect(() => requireBus(deployment)).not.toThrow();
    },
  );

  it('has its consumers although the stack of the bus says too little', async () => {
    answer({ ...bus, Outputs: [] }, email);
    const deployment = await readDeployment({ cloudFormation }, { app: 'shop', stage: 'prod' });
    expect(consumerNamed(deployment, 'email').queueUrl).toBe('the QueueUrl');
    expect(() => requireBus(deployment)).toThrow('ApiUrl, TopicArn, AlarmTopicArn');
  });

  it('is that of its app, whatever other apps have the same stage', async () => {
    answer(busOf('library', 'prod'), bus, email, ofLibrary);
    const ofShop = await readDeployment({ cloudFormation }, { app: 'shop', stage: 'prod' });
    expect(ofShop).toMatchObject({ app: 'shop', stage: 'prod', stackName: 'shop-prod-Bus' });
    expect(ofShop.stacks.map(({ stackName }) => stackName)).toEqual(['shop-prod-Bus', 'shop-prod-Email']);
    const other = await readDeployment({ cloudFormation }, { app: 'library', stage: 'prod' });
    expect(other.consumers.map(({ stackName }) => stackName)).toEqual(['library-prod-Shelf']);
  });

  it('is that of the only app that has the stage when none is named', async () => {
    answer(busOf('library', 'dev'), bus, email);
    expect(await readDeployment({ cloudFormation }, { stage: 'prod' })).toMatchObject({ app: 'shop' });
  });

  it('is not guessed when several apps have the stage and none is named', async () => {
    answer(busOf('library', 'prod'), bus, email);
    const reading = readDeployment({ cloudFormation }, { stage: 'prod' });
    await expect(reading).rejects.toThrow(AmbiguousNameError);
    await expect(reading).rejects.toThrow(
      "several apps have a stage 'prod' here: library, shop; say which one with --app",
    );
  });

  it.each([
    [
      { app: 'shop', stage: 'prdo' },
      "no Fanfare of app 'shop' with stage 'prdo' here; there are library-dev, shop-prod; did you mean shop-prod?",
    ],
    [
      { app: 'libary', stage: 'dev' },
      "no Fanfare of app 'libary' with stage 'dev' here; there are library-dev, shop-prod; did you mean library-dev?",
    ],
    [{ stage: 'prdo' }, "no Fanfare with stage 'prdo' here; there are dev, prod; did you mean prod?"],
  ])('that is not there (%o) is named with those that are, the likeliest too', async (name, message) => {
    answer(bus, email, busOf('library', 'dev'), { ...bus, Tags: [] });
    await expect(readDeployment({ cloudFormation }, name)).rejects.toThrow(message);
    await expect(readDeployment({ cloudFormation }, name)).rejects.toThrow(UnknownNameError);
  });

  it('that may not be read is said to be so', async () => {
    answers
      .on(DescribeStacksCommand)
      .rejects(Object.assign(new Error('not authorized'), { name: 'AccessDenied' }));
    const reading = readDeployment({ cloudFormation }, { app: 'shop', stage: 'prod' });
    await expect(reading).rejects.toThrow(UnreadableError);
    await expect(reading).rejects.toThrow('AccessDenied: not authorized');
  });

  it('names the consumers when one is mistyped, those whose stacks say too little too', async () => {
    answer(bus, email, stackOf('shop-prod-New', 'CREATE_FAILED', { 'fanfare:consumer': 'new' }, []));
    const deployment = await readDeployment({ cloudFormation }, { app: 'shop', stage: 'prod' });
    expect(() => consumerNamed(deployment, 'emial')).toThrow(
      "there is no consumer 'emial'; there are email, new; did you mean email?",
    );
  });
});

describe('what the doctor compares', () => {
  it('is of a stage that there is', async () => {
    answer(bus, email);
    await expect(readStacks({ cloudFormation }, { app: 'shop', stage: 'prdo' })).rejects.toThrow(
      UnknownNameError,
    );
    expect(
      (await readStacks({ cloudFormation }, { app: 'shop', stage: 'prod' })).own.map(
        ({ stackName }) => stackName,
      ),
    ).toEqual(['shop-prod-Bus', 'shop-prod-Email']);
  });

  it('is not known when the stacks may not be read', async () => {
    answers.on(DescribeStacksCommand).rejects(new Error('not you'));
    await expect(readStacks({ cloudFormation }, { app: 'shop', stage: 'prod' })).rejects.toThrow(
      UnreadableError,
    );
  });
});
