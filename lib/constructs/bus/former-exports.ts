import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { BusParts } from './i-event-bus.ts';

/**
 * Keeps the exports that consumers imported before version 0.3, for the one deployment in which they change to parameters. CloudFormation
 * does not remove an export that a stack still imports, and the bus is deployed first.
 */
export function keepFormerExports(
  scope: Construct,
  parts: Omit<BusParts, 'logKey' | 'replayFunctionArn' | 'consumersPath'>,
): void {
  const stack = Stack.of(scope);
  const { topic, key, alarmTopic, dataBucket, dataKey } = parts;
  for (const value of [topic.topicArn, key.keyArn, alarmTopic.topicArn, dataBucket.bucketArn]) {
    stack.exportValue(value);
  }
  stack.exportValue(dataBucket.bucketName);
  if (dataKey !== undefined) stack.exportValue(dataKey.keyArn);
}
