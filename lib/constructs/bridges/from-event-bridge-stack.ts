import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stackName } from '../stack-name.ts';
import { FromEventBridge, type FromEventBridgeProps } from './from-event-bridge.ts';

/** The stack of one bridge from EventBridge, deployed, rolled back and destroyed alone. */
export class FromEventBridgeStack extends Stack {
  readonly bridge: FromEventBridge;

  constructor(scope: Construct, props: FromEventBridgeProps) {
    const { name, stage, bus, publishes } = props;
    super(scope, stackName(stage, name), {
      description: `Fanfare bridge ${name}: publishes events that come from EventBridge.`,
      tags: {
        ...stage.tags,
        'fanfare:role': 'bridge',
        'fanfare:bridge': name,
        'fanfare:bus': bus.busName,
      },
      terminationProtection: stage.terminationProtection,
    });
    this.bridge = new FromEventBridge(this, 'Bridge', props);
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: this.bridge.deadLetterQueue.queueUrl });
    // What the command line lists as producers: a bridge publishes the newest version.
    new CfnOutput(this, 'Emits', { value: publishes.map(({ versionedType }) => versionedType).join(', ') });
    new CfnOutput(this, 'FunctionName', { value: this.bridge.function.functionName });
  }
}
