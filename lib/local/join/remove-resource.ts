import { DeleteTableCommand, ResourceNotFoundException, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteTopicCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import type { DeployedResource } from '../assembly/deploy.ts';
import { entryOf } from '../functions/entry-of.ts';
import type { Machine } from '../resources/resource.ts';

type Remove = (resource: DeployedResource, machine: Machine) => Promise<void> | void;

/** How each type of resource that holds something is removed. All others are only described. */
const REMOVE: Readonly<Record<string, Remove>> = {
  'AWS::CloudWatch::Alarm': ({ physicalId }, { alarms }) => alarms.remove(physicalId),
  'AWS::DynamoDB::GlobalTable': removeTable,
  'AWS::DynamoDB::Table': removeTable,
  'AWS::Scheduler::Schedule': ({ attributes: { Arn = '' } }, { scheduler }) => scheduler.removeByArn(Arn),
  'AWS::Scheduler::ScheduleGroup': ({ physicalId }, { scheduler }) => scheduler.removeGroup(physicalId),
  'AWS::SNS::Subscription': async ({ physicalId: SubscriptionArn }, { sns }) => {
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
  },
  'AWS::SNS::Topic': async ({ physicalId: TopicArn }, { sns }) => {
    await sns.send(new DeleteTopicCommand({ TopicArn }));
  },
  'AWS::SQS::Queue': async ({ physicalId: QueueUrl }, { sqs }) => {
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  },
  'AWS::SSM::Parameter': ({ physicalId }, { parameters }) => void parameters.delete(physicalId),
};

/**
 * Removes the resources of an app. What depends on something else goes first: the reverse of how it was created.
 *
 * @throws Error that names what could not be removed
 */
export async function removeResources(
  resources: readonly DeployedResource[],
  machine: Machine,
): Promise<void> {
  const problems: string[] = [];
  for (const resource of resources.toReversed()) {
    try {
      await entryOf(REMOVE, resource.type)?.(resource, machine);
      machine.described.remove(resource.physicalId);
    } catch (error) {
      // The others are removed all the same; all that remains is named at the end.
      problems.push(`${resource.type} ${resource.physicalId}: ${String(error)}`);
    }
  }
  if (problems.length > 0) throw new Error(`not all could be removed: ${problems.join('; ')}`);
}

async function removeTable(
  { physicalId: TableName }: DeployedResource,
  { dynamodb }: Machine,
): Promise<void> {
  try {
    // A profile may protect its tables; that is for AWS.
    await dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await dynamodb.send(new DeleteTableCommand({ TableName }));
  } catch (error) {
    // Somebody has deleted it already.
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}
