import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import type { ConsumerProps as ConstructProps } from '../../lib/constructs/consumer/consumer.ts';
import { planConsumer } from '../../lib/constructs/consumer/consumer-plan.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { validateConsumer } from '../../lib/constructs/validation/validate-consumer.ts';
import { type ConsumerProps, defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { defineEvent, type EventContract } from '../../lib/contracts/define-event.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

const Happened = defineEvent({
  type: 'test.Happened',
  version: 1,
  description: 'Something.',
  data: z.object({}),
});
type Given = Partial<ConsumerProps<EventContract, never>>;
const define = (props: Given = {}) =>
  defineConsumer({ name: 'tester', description: 'Tests.', listensTo: [Happened], ...props });

/** The stack of a consumer, in an app of its own. */
function stackOf(
  props: Given = {},
  more?: (scope: Stack) => Partial<ConstructProps>,
  context: Readonly<Record<string, unknown>> = {},
): ConsumerStack {
  const app = new App({ context: { app: 'shop', ...WITHOUT_BUNDLING, ...context } });
  const settings = readSettings(app.node);
  const { bus } = new EventBusStack(app, { settings });
  return new ConsumerStack(app, {
    definition: define(props),
    bus,
    stage: settings.stage,
    entry: 'test/apps/orders/analytics.ts',
    ...more?.(new Stack(app, 'Network')),
  });
}

const templateOf = (...given: Parameters<typeof stackOf>) => Template.fromStack(stackOf(...given));
const functionOf = (template: Template) =>
  Object.values(template.findResources('AWS::Lambda::Function'))[0]?.Properties ?? expect.fail();
const statementsOf = (template: Template): { Action: string | string[]; Resource: unknown }[] =>
  Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );

describe('what a definition says of its function', () => {
  it.each([
    [
      'a variable of Fanfare',
      { environment: { QUEUE_URL: 'x' } },
      'its environment sets QUEUE_URL, which belongs to',
    ],
    ['the variable of a table', { environment: { TABLE_STOCK: 'x' } }, 'its environment sets TABLE_STOCK'],
    ['one that is kept for Fanfare', { environment: { FANFARE_X: 'x' } }, 'its environment sets FANFARE_X'],
    ['a variable of Lambda', { environment: { AWS_REGION: 'x' } }, 'its environment sets AWS_REGION'],
    [
      'the name in logs and metrics',
      { environment: { POWERTOOLS_SERVICE_NAME: 'x' } },
      'POWERTOOLS_SERVICE_NAME',
    ],
    [
      'a name that Lambda refuses',
      { environment: { 'my-var': 'x' } },
      "its environment sets 'my-var'; Lambda takes",
    ],
    [
      'more than fits',
      { environment: { LONG: 'x'.repeat(4_000) } },
      'its environment has 4004 bytes; Lambda has room',
    ],
    [
      'less reserved than its queue may use',
      { reservedConcurrency: 5 },
      'reservedConcurrency is 5; set it to 10 or more',
    ],
    [
      'days that CloudWatch does not know',
      { logRetentionDays: 8 },
      'logRetentionDays is 8; CloudWatch takes one of 1, 3',
    ],
    [
      'a single poller',
      { provisionedPollers: { min: 1, max: 10 } },
      'provisionedPollers.min is 1; set it to a whole number from 2 to 200',
    ],
    [
      'more pollers than there are',
      { provisionedPollers: { min: 2, max: 2_001 } },
      'provisionedPollers.max is 2001; set it to a whole number from 2 to 2000',
    ],
    [
      'pollers the wrong way round',
      { provisionedPollers: { min: 20, max: 10 } },
      'provisionedPollers.min is 20 and max is 10',
    ],
    [
      'an ARN for a name',
      { secrets: { key: { secretsManager: 'arn:aws:secretsmanager:us-east-1:1:secret:key' } } },
      "its secret 'key' has the secretsManager",
    ],
    [
      'a path without a slash before it',
      { secrets: { key: { ssmParameter: 'shop/key' } } },
      "its secret 'key' has the ssmParameter 'shop/key'",
    ],
    [
      'two secrets of one name',
      { secrets: { key: { ssmParameter: 'a' }, kEY: { ssmParameter: 'b' } } },
      "its secret 'kEY' has the role of another in other letters",
    ],
  ] satisfies [string, object, string][])('is refused: %s', (_, props, message) => {
    expect(() => validateConsumer(planConsumer(define(props as Given), false))).toThrow(message);
  });

  it.each([
    ['a concurrency', { maxConcurrency: 10 }, 'has provisionedPollers and maxConcurrency'],
    ['a rate limit', { rateLimit: { perSecond: 1 } }, 'has provisionedPollers and rateLimit'],
  ])('pollers beside %s', (_, props, message) => {
    expect(() => define({ provisionedPollers: { min: 2, max: 10 }, ...props })).toThrow(message);
  });

  it('reaches the function: variables, processor, log, reserved concurrency and tracing', () => {
    const template = templateOf({
      environment: { REGION_OF_SHOP: 'emea', POWERTOOLS_LOG_LEVEL: 'DEBUG' },
      architecture: 'x86_64',
      logRetentionDays: 545,
      reservedConcurrency: 12,
      tracing: true,
    });
    expect(functionOf(template)).toMatchObject({
      Architectures: ['x86_64'],
      ReservedConcurrentExecutions: 12,
      TracingConfig: { Mode: 'Active' },
      Environment: { Variables: { REGION_OF_SHOP: 'emea', POWERTOOLS_LOG_LEVEL: 'DEBUG' } },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 545 });
  });

  it('may turn tracing off where the bus has it on', () => {
    const traced = templateOf({}, undefined, { xray: 'on' });
    const untraced = templateOf({ tracing: false }, undefined, { xray: 'on' });
    expect(functionOf(traced).TracingConfig).toEqual({ Mode: 'Active' });
    expect(functionOf(untraced).TracingConfig).toBeUndefined();
  });

  it('has pollers in the place of a maximum concurrency', () => {
    const template = templateOf({ provisionedPollers: { min: 4, max: 20 } });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ProvisionedPollerConfig: { MinimumPollers: 4, MaximumPollers: 20 },
      ScalingConfig: Match.absent(),
    });
  });

  it('names secrets by their place in the stage, and lets the function read these and no other', () => {
    const template = templateOf({
      secrets: {
        stripeKey: { secretsManager: 'shop/{stage}/stripe' },
        geocoder: { ssmParameter: '/shop/{stage}/geocoder' },
      },
    } as unknown as Given);
    expect(functionOf(template).Environment.Variables).toMatchObject({
      SECRET_STRIPEKEY: 'secretsmanager:shop/dev/stripe',
      SECRET_GEOCODER: 'ssm:/shop/dev/geocoder',
    });
    const about = statementsOf(template).filter(({ Action }) =>
      /^(secretsmanager|ssm|kms):/.test(String(Action)),
    );
    expect(about.map(({ Action, Resource }) => [Action, JSON.stringify(Resource)])).toEqual([
      ['secretsmanager:GetSecretValue', expect.stringContaining(':secret:shop/dev/stripe-??????')],
      ['ssm:GetParameter', expect.stringContaining(':parameter/shop/dev/geocoder')],
    ]);
  });
});

describe('what only the CDK can say', () => {
  const inNetwork = (scope: Stack): Partial<ConstructProps> => {
    const vpc = new Vpc(scope, 'Vpc', { natGateways: 0, restrictDefaultSecurityGroup: false });
    return {
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [new SecurityGroup(scope, 'Group', { vpc })],
      layers: [
        LayerVersion.fromLayerVersionArn(scope, 'Layer', 'arn:aws:lambda:us-east-1:1:layer:extension:3'),
      ],
      environment: { DATABASE: vpc.vpcId },
    };
  };

  it('reaches the function: network, layers, and variables known at synth', () => {
    const template = templateOf({ environment: { DATABASE: 'a', OTHER: 'b' } }, inNetwork);
    expect(functionOf(template)).toMatchObject({
      Layers: ['arn:aws:lambda:us-east-1:1:layer:extension:3'],
      VpcConfig: { SubnetIds: [expect.anything(), expect.anything()], SecurityGroupIds: [expect.anything()] },
      Environment: { Variables: { DATABASE: { 'Fn::ImportValue': expect.anything() }, OTHER: 'b' } },
    });
    expect(statementsOf(template).flatMap(({ Action }) => Action)).toContain('ec2:CreateNetworkInterface');
  });

  it('gives no leave to make network interfaces to a function without a network', () => {
    expect(JSON.stringify(statementsOf(templateOf()))).not.toContain('ec2:');
  });

  it('refuses a variable of Fanfare here too', () => {
    expect(() => stackOf({}, () => ({ environment: { TOPIC_ARN: 'x' } }))).toThrow(
      'its environment sets TOPIC_ARN',
    );
  });
});

describe('a consumer in an app', () => {
  it('has its parts at hand', () => {
    const { consumer } = stackOf({ tables: { points: { partitionKey: 'id' } } } as unknown as Given);
    expect(consumer.queue).toBe(consumer.queues.queue);
    expect(consumer.deadLetterQueue).toBe(consumer.queues.deadLetterQueue);
    expect(consumer.table('points')).toBe(consumer.tables.get('points'));
    expect(() => consumer.table('stock')).toThrow(
      "consumer 'tester' has no table 'stock'; its definition names points",
    );
  });

  it.each(['shop@example.com', 'shop@mail.example.org', 'a@b.test'])(
    'is told at synth that nobody can verify %s, and in prod it is warned',
    (from) => {
      const text = Match.stringLikeRegexp(`sends mail from ${from}, and nobody can verify`);
      const dev = stackOf();
      dev.consumer.grantSendEmail(from);
      Annotations.fromStack(dev).hasInfo('*', text);
      const prod = stackOf({}, undefined, { stage: 'prod', alarmEmail: 'ops@example.com' });
      prod.consumer.grantSendEmail(from);
      Annotations.fromStack(prod).hasWarning('*', text);
    },
  );

  it('hears nothing of a domain that somebody may own', () => {
    const stack = stackOf({}, undefined, { stage: 'prod', alarmEmail: 'ops@example.com' });
    stack.consumer.grantSendEmail('shop@myexample.com');
    Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp('sends mail'));
  });
});
