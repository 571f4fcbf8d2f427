import { Annotations, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

interface BusWithAlarms {
  readonly busName: string;
  readonly topicArn: string;
  readonly alarmTopicArn?: string | undefined;
}

/**
 * The alarm topic of a bus takes alarms of its own account only, and CloudWatch drops the notification of another one without an error.
 * A stack whose account is known only at deployment gets a warning: a topic in the account of the bus is right there alone.
 *
 * @throws TypeError when there is no topic, or when the account is known and is another one
 */
export function checkAlarmTopic(scope: Construct, { busName, topicArn, alarmTopicArn }: BusWithAlarms): void {
  const remedy = 'give it an alarmTopic: new AlarmStack(app, settings).alarmTopic';
  if (alarmTopicArn === undefined) {
    throw new TypeError(
      `the alarms of what listens or publishes to ${busName} have no topic in the stack ${Stack.of(scope).stackName}; ${remedy}`,
    );
  }
  const { account, stackName } = Stack.of(scope);
  const [ofBus, ofAlarms] = [topicArn, alarmTopicArn].map((arn) => arn.split(':')[4]);
  if (ofAlarms !== ofBus || ofAlarms === account) return;
  const limit = `the alarm topic of ${busName} takes alarms of the account ${ofBus} only`;
  if (!Token.isUnresolved(account))
    throw new TypeError(`${limit}, and the stack ${stackName} is in ${account}; ${remedy}`);
  Annotations.of(scope).addWarningV2(
    `fanfare:alarmsOfBus:${busName}`,
    `${limit}, and the account of the stack ${stackName} is not known: in another one nobody would be told. In another account, ${remedy}. ` +
      'In that account, give the stack its env, or acknowledge this',
  );
}
