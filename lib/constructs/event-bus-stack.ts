import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EventBus, type EventBusProps } from './event-bus.ts';
import { stackName } from './stack-name.ts';

/** The stack of the bus alone. It is deployed first, and can only be destroyed when no consumer is left. */
export class EventBusStack extends Stack {
  readonly bus: EventBus;

  constructor(scope: Construct, props: EventBusProps) {
    const { stage } = props.settings;
    super(scope, stackName(stage, 'Bus'), {
      description: 'Fanfare: the topic of all events, and the HTTP API to publish through.',
      tags: { 'fanfare:stage': stage.name, 'fanfare:role': 'bus' },
      terminationProtection: stage.terminationProtection,
    });
    this.bus = new EventBus(this, 'Bus', props);
    new CfnOutput(this, 'ApiUrl', { value: this.bus.api.url, description: 'POST <this>/events' });
    new CfnOutput(this, 'TopicArn', { value: this.bus.topic.topicArn });
    new CfnOutput(this, 'DataBucketName', { value: this.bus.dataBucket.bucketName });
    new CfnOutput(this, 'AlarmTopicArn', { value: this.bus.alarmTopic.topicArn });
  }
}
