import { CfnOutput, CrossStackReferences, ReferenceStrength, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { stackName } from '../stack-name.ts';
import { AlarmTopic } from './alarm-topic.ts';

/**
 * The alarm topic of a team that listens to the bus of another app: its own receivers, in its own account. Its key costs a dollar a month.
 *
 * @example
 * const settings = readSettings(app.node);
 * const { alarmTopic } = new AlarmStack(app, settings);
 * new ConsumerStack(app, { definition: screening, bus, stage: settings.stage, alarmTopic });
 */
export class AlarmStack extends Stack {
  /** For the prop `alarmTopic` of consumers. */
  readonly alarmTopic: ITopic;

  constructor(scope: Construct, { stage, alarmReceivers }: Pick<Settings, 'stage' | 'alarmReceivers'>) {
    super(scope, stackName(stage, 'Alarms'), {
      description: 'Fanfare: the topic that the alarms of consumers notify.',
      tags: { ...stage.tags, 'fanfare:role': 'alarms' },
      terminationProtection: stage.terminationProtection,
    });
    const key = new Key(this, 'Key', {
      description: 'Encrypts the alarms that pass through SNS.',
      enableKeyRotation: true,
      removalPolicy: stage.removalPolicy,
    });
    const { topic } = new AlarmTopic(this, 'Alarms', { key, receivers: alarmReceivers });
    // Consumers read its ARN without an export, which CloudFormation would not let go.
    CrossStackReferences.of(topic).produce(ReferenceStrength.WEAK);
    this.alarmTopic = topic;
    new CfnOutput(this, 'AlarmTopicArn', { value: topic.topicArn });
  }
}
