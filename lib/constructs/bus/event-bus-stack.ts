import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { FIRST_BUS } from '../../contracts/bus/bus-parameters.ts';
import type { Archive } from '../archive/archive.ts';
import type { Later } from '../later/later.ts';
import { stackName } from '../stack-name.ts';
import { EventBus, type EventBusProps } from './event-bus.ts';

/** The stack of the bus alone. It is deployed first. */
export class EventBusStack extends Stack {
  readonly bus: EventBus;

  constructor(scope: Construct, props: EventBusProps) {
    const { name = FIRST_BUS, settings } = props;
    const { stage } = settings;
    super(scope, stackName(stage, name), {
      description: 'Fanfare: the topic of all events, and the HTTP API to publish through.',
      tags: { ...stage.tags, 'fanfare:role': name === FIRST_BUS ? 'bus' : 'other-bus' },
      terminationProtection: stage.terminationProtection,
    });
    this.bus = new EventBus(this, 'Bus', props);
    new CfnOutput(this, 'ApiUrl', { value: this.bus.api.url, description: 'POST <this>/events' });
    new CfnOutput(this, 'TopicArn', { value: this.bus.topic.topicArn });
    new CfnOutput(this, 'DataBucketName', { value: this.bus.dataBucket.bucketName });
    new CfnOutput(this, 'AlarmTopicArn', { value: this.bus.alarmTopic.topicArn });
    describeLater(this, this.bus.later);
    if (this.bus.archive) describeArchive(this, this.bus.archive);
    // The doctor tells the subscriptions that are allowed from others.
    const { accounts, organizationId } = this.bus.otherAccounts.readers;
    if (accounts.length > 0) new CfnOutput(this, 'AllowedAccounts', { value: accounts.join() });
    if (organizationId !== undefined) new CfnOutput(this, 'AllowedOrganization', { value: organizationId });
    for (const role of this.bus.otherAccounts.publisherRoles.values()) {
      new CfnOutput(this, role.node.id, {
        value: role.roleArn,
        description: 'Assumed by a publisher of another account.',
      });
    }
  }
}

/** What the operator's tools look at. */
function describeLater(stack: Stack, later: Later): void {
  const { queues, scheduleDeadLetterQueue, group, cancellations } = later;
  new CfnOutput(stack, 'LaterQueueUrl', { value: queues.queue.queueUrl });
  new CfnOutput(stack, 'LaterDeadLetterQueueUrl', { value: queues.deadLetterQueue.queueUrl });
  new CfnOutput(stack, 'ScheduleDeadLetterQueueUrl', { value: scheduleDeadLetterQueue.queueUrl });
  new CfnOutput(stack, 'ScheduleGroupName', { value: group.ref });
  new CfnOutput(stack, 'CancellationsTableName', { value: cancellations.tableName });
  new CfnOutput(stack, 'LaterFunctionName', { value: later.function.functionName });
}

/** A bus without these outputs has no archive. */
function describeArchive(stack: Stack, archive: Archive): void {
  const { queues, subscription, replay } = archive;
  new CfnOutput(stack, 'ArchiveQueueUrl', { value: queues.queue.queueUrl });
  new CfnOutput(stack, 'ArchiveDeadLetterQueueUrl', { value: queues.deadLetterQueue.queueUrl });
  new CfnOutput(stack, 'ArchiveUndeliveredQueueUrl', { value: subscription.undeliveredQueue.queueUrl });
  new CfnOutput(stack, 'ArchiveFunctionName', { value: archive.function.functionName });
  new CfnOutput(stack, 'ReplayQueueUrl', { value: replay.queues.queue.queueUrl });
  new CfnOutput(stack, 'ReplayDeadLetterQueueUrl', { value: replay.queues.deadLetterQueue.queueUrl });
  new CfnOutput(stack, 'ReplayTableName', { value: replay.table.tableName });
  new CfnOutput(stack, 'ReplayFunctionName', { value: replay.function.functionName });
}
