import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DefinitionBody, Pass, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { expect, it } from 'vitest';
import { EventBusStack } from '../../lib/constructs/bus/event-bus-stack.ts';
import { ConsumerStack } from '../../lib/constructs/consumer/consumer-stack.ts';
import { readSettings } from '../../lib/constructs/settings.ts';
import { analytics } from '../apps/orders/consumers.ts';
import { WITHOUT_BUNDLING } from './synthesized.ts';

function createConsumer() {
  const app = new App({ context: { app: 'shop', ...WITHOUT_BUNDLING } });
  const settings = readSettings(app.node);
  const { bus } = new EventBusStack(app, { settings, publishEntry: 'test/apps/orders/publish.ts' });
  const entry = 'test/apps/orders/analytics.ts';
  const stack = new ConsumerStack(app, { definition: analytics, bus, stage: settings.stage, entry });
  const machine = (id: string, stateMachineType: StateMachineType) =>
    new StateMachine(stack, id, {
      definitionBody: DefinitionBody.fromChainable(new Pass(stack, `${id}Pass`)),
      stateMachineType,
    });
  return { stack, consumer: stack.consumer, machine };
}

it('lets a consumer start executions of one state machine, and tells it which', () => {
  const { stack, consumer, machine } = createConsumer();
  consumer.grantStartExecution(machine('Work', StateMachineType.STANDARD));
  const template = Template.fromStack(stack);
  const [workId = ''] = Object.keys(template.findResources('AWS::StepFunctions::StateMachine'));
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ STATE_MACHINE_ARN: { Ref: workId } }) },
  });
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        { Action: 'states:StartExecution', Effect: 'Allow', Resource: { Ref: workId } },
      ]),
    },
  });
});

it('refuses an express workflow, which each attempt would start again', () => {
  const { consumer, machine } = createConsumer();
  const express = machine('Quick', StateMachineType.EXPRESS);
  expect(() => consumer.grantStartExecution(express)).toThrow(
    'Quick is an express workflow, which each attempt of an event would start again',
  );
});

it('takes an imported one', () => {
  const { stack, consumer } = createConsumer();
  const arn = 'arn:aws:states:eu-central-1:111122223333:stateMachine:work';
  consumer.grantStartExecution(StateMachine.fromStateMachineArn(stack, 'Theirs', arn));
  expect(JSON.stringify(Template.fromStack(Stack.of(consumer)).toJSON())).toContain(arn);
});

it('refuses a second state machine, of which the function would not know', () => {
  const { consumer, machine } = createConsumer();
  const work = machine('Work', StateMachineType.STANDARD);
  consumer.grantStartExecution(work);
  consumer.grantStartExecution(work);
  const more = machine('More', StateMachineType.STANDARD);
  expect(() => consumer.grantStartExecution(more)).toThrow('STATE_MACHINE_ARN can name only one');
});
