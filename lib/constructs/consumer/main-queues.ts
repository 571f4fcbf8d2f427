import { ArnFormat, Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * How the names of main queues end: with the role and eight characters of the stack's id (`queueName`). No name of a dead-letter queue or an
 * undelivered queue does, whatever its consumer is called.
 */
const MAIN_QUEUES = ['*-Queue-????????', '*-Queue-????????.fifo'];

/** The main queues of all consumers of the account and region, for a statement with {@link ofBus}. */
export function mainQueues(scope: Construct): string[] {
  const stack = Stack.of(scope);
  return MAIN_QUEUES.map((resource) =>
    stack.formatArn({ service: 'sqs', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME }),
  );
}

/** The condition that a resource belongs to a consumer of this bus: its stack, or the resource itself, has the tag. */
export function ofBus(busName: string) {
  return { StringEquals: { 'aws:ResourceTag/fanfare:bus': busName } };
}

/**
 * Acknowledges patterns in the policies of a function of the bus.
 *
 * @param resources beside the main queues, as cdk-nag writes them: `lambda:<AWS::Region>:<AWS::AccountId>:function:*`
 * @param why what the patterns are for
 */
export function acknowledgePatterns(scope: Construct, resources: readonly string[], why: string): void {
  const begin = 'Resource::arn:<AWS::Partition>:';
  const here = '<AWS::Region>:<AWS::AccountId>';
  const ids = [
    ...MAIN_QUEUES.map((names) => `${begin}sqs:${here}:${names}`),
    ...resources.map((resource) => (resource === '*' ? 'Resource::*' : `${begin}${resource}`)),
  ];
  for (const id of ids) Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[${id}]`, reason: why });
}
