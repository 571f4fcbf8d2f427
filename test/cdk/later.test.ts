import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import { createApp } from '../apps/later/app.ts';
import { entryOf } from '../apps/orders/app.ts';
import { stacksOf, WITHOUT_BUNDLING } from './synthesized.ts';

const stacks = stacksOf(createApp({ context: WITHOUT_BUNDLING }));
const bus = Template.fromStack(stacks.get('Bus') ?? expect.fail());
const SCHEDULES = 'arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/';

/** One permission, as a text: `<action> <resource>`, with ` if <conditions>`. */
function permissionsOf(template: Template, role: string): string[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
    JSON.stringify(Properties.Roles).includes(`"${role}`),
  );
  return policies
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .flatMap(({ Effect, Action, Resource, Condition }) => {
      expect(Effect).toBe('Allow');
      const condition = Condition === undefined ? '' : ` if ${JSON.stringify(resolved(Condition))}`;
      return [Action]
        .flat()
        .flatMap((action: string) =>
          [Resource].flat().map((resource: unknown) => `${action} ${resolved(resource)}${condition}`),
        );
    })
    .toSorted();
}

/** A value of a template with its references as `<name>`, without the hashes of logical ids. */
function resolved(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(resolved);
  const [[key, inner] = ['', undefined], ...others] = Object.entries(value);
  if (others.length > 0 || !isReference(key))
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, resolved(one)]));
  if (key === 'Fn::Join') return [inner].flat(2).map(resolved).join('');
  const name = key === 'Fn::GetAtt' ? [inner].flat()[0] : inner;
  return `<${String(name).replace(/[0-9A-F]{8}$/, '')}>`;
}

function isReference(key: string): boolean {
  return ['Ref', 'Fn::GetAtt', 'Fn::Join', 'Fn::ImportValue'].includes(key);
}

describe('the function of later events', () => {
  it('may publish, log, keep its queue, read cancellations and change the schedules of its group, and nothing else', () => {
    const viaSns = ' if {"StringEquals":{"kms:ViaService":"sns.<AWS::Region>.amazonaws.com"}}';
    const toScheduler = ' if {"StringEquals":{"iam:PassedToService":"scheduler.amazonaws.com"}}';
    expect(permissionsOf(bus, 'BusLaterFunction')).toEqual([
      'dynamodb:BatchGetItem <BusLaterCancellations>',
      'dynamodb:UpdateItem <BusLaterCancellations>',
      `iam:PassRole <BusLaterScheduleRole>${toScheduler}`,
      `kms:Decrypt <BusKey>${viaSns}`,
      `kms:GenerateDataKey <BusKey>${viaSns}`,
      'logs:CreateLogStream <BusLaterFunctionLogGroup>',
      'logs:PutLogEvents <BusLaterFunctionLogGroup>',
      `scheduler:CreateSchedule ${SCHEDULES}<BusLaterSchedules>/*`,
      `scheduler:DeleteSchedule ${SCHEDULES}<BusLaterSchedules>/*`,
      `scheduler:GetSchedule ${SCHEDULES}<BusLaterSchedules>/*`,
      `scheduler:ListSchedules ${SCHEDULES}*/*`,
      'sns:Publish <BusTopic>',
      'sqs:ChangeMessageVisibility <BusLaterQueuesQueue>',
      'sqs:DeleteMessage <BusLaterQueuesQueue>',
      'sqs:GetQueueAttributes <BusLaterQueuesQueue>',
      'sqs:ReceiveMessage <BusLaterQueuesQueue>',
      'sqs:SendMessage <BusLaterQueuesDeadLetterQueue>',
    ]);
  });
});

describe('the role of the schedules', () => {
  it('may send to the queue of later events and to its own dead-letter queue, and nothing else', () => {
    expect(permissionsOf(bus, 'BusLaterScheduleRole')).toEqual([
      'sqs:SendMessage <BusLaterQueuesQueue>',
      'sqs:SendMessage <BusLaterScheduleDeadLetterQueue>',
    ]);
  });

  it('is for EventBridge Scheduler alone, and for the schedules of its group', () => {
    const roles = Object.entries(bus.findResources('AWS::IAM::Role'));
    const [, role] = roles.find(([id]) => id.startsWith('BusLaterScheduleRole')) ?? [];
    expect(role?.Properties.AssumeRolePolicyDocument.Statement.map(resolved)).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '<AWS::AccountId>' },
          ArnEquals: { 'aws:SourceArn': '<BusLaterSchedules>' },
        },
      },
    ]);
  });
});

const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 1,
  description: 'A fact.',
  data: z.object({}),
});

/** The stack of a consumer in an app whose name says nothing of what comes later. */
function templateOf(needs: Pick<Parameters<typeof defineConsumer>[0], 'effects'>): Template {
  const app = new App({ context: { app: 'shop', ...WITHOUT_BUNDLING } });
  const settings = readSettings(app.node);
  const { bus: own } = new EventBusStack(app, { settings });
  const definition = defineConsumer({
    name: 'orders',
    description: 'Keeps orders.',
    listensTo: [OrderPlaced],
    emits: [OrderPlaced],
    ...needs,
  });
  return Template.fromStack(
    new ConsumerStack(app, { definition, bus: own, stage: settings.stage, entry: entryOf('analytics') }),
  );
}

describe('a consumer', () => {
  it('that emits events for later may send to their queue, and may not receive from it', () => {
    const template = Template.fromStack(stacks.get('Orders') ?? expect.fail());
    const permissions = permissionsOf(template, 'Consumer').filter((one) => /later[A-Z]/.test(one));
    expect(permissions).toEqual(['sqs:SendMessage <laterdevBuslaterQueueArn>']);
  });

  it('that emits none, and has no breaker, has no word of either in its template', () => {
    expect(JSON.stringify(templateOf({ effects: 'commit' }))).not.toMatch(/later|control|intake/i);
  });

  it('that emits none, and has a breaker, has no word of later events in its template', () => {
    const text = JSON.stringify(templateOf({ effects: 'claim' }));
    expect(text).toMatch(/CONTROL_QUEUE_URL/);
    expect(text).not.toMatch(/later/i);
  });
});
