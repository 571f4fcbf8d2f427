import { paginateDescribeStacks, type Stack } from '@aws-sdk/client-cloudformation';
import type { OpsClients } from './clients.ts';

/** A deployment: one bus and whoever listens to it. */
export interface Deployment {
  readonly stage: string;
  /** Name of the stack of the bus. */
  readonly stackName: string;
  readonly apiUrl: string;
  readonly topicArn: string;
  readonly alarmTopicArn: string;
  /** Names of its stacks that CloudFormation refuses to delete until somebody says otherwise. */
  readonly protectedStacks: readonly string[];
  /** In the order of their names. */
  readonly consumers: readonly DeployedConsumer[];
}

/** One consumer, as its stack describes it. */
export interface DeployedConsumer {
  readonly name: string;
  readonly stackName: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** What SNS could not deliver. */
  readonly undeliveredQueueUrl: string;
  readonly subscriptionArn: string;
  readonly idempotencyTable: string;
  readonly functionName: string;
}

/**
 * Finds a deployment by the tags of its stacks, and reads it from their outputs: one request for every hundred stacks of the
 * account and region.
 *
 * @param stage such as `dev`
 * @throws Error when there is none, or one of its stacks says too little
 */
export async function readDeployment(
  { cloudFormation }: Pick<OpsClients, 'cloudFormation'>,
  stage: string,
): Promise<Deployment> {
  const stacks: Stack[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client: cloudFormation }, {})) {
    stacks.push(...Stacks.filter((stack) => tagOf(stack, 'fanfare:stage') === stage));
  }
  const bus = stacks.find((stack) => tagOf(stack, 'fanfare:role') === 'bus');
  if (!bus) {
    throw new Error(`there is no Fanfare of stage '${stage}' here; look at --stage, --profile and --region`);
  }
  return {
    stage,
    stackName: bus.StackName ?? '',
    apiUrl: outputOf(bus, 'ApiUrl'),
    topicArn: outputOf(bus, 'TopicArn'),
    alarmTopicArn: outputOf(bus, 'AlarmTopicArn'),
    protectedStacks: stacks.flatMap(({ StackName, EnableTerminationProtection }) =>
      EnableTerminationProtection && StackName !== undefined ? [StackName] : [],
    ),
    consumers: stacks.flatMap(consumerOf).toSorted((a, b) => a.name.localeCompare(b.name)),
  };
}

/** @throws Error that lists the consumers when there is none of that name */
export function consumerNamed({ consumers }: Deployment, name: string): DeployedConsumer {
  const found = consumers.find((consumer) => consumer.name === name);
  if (found) return found;
  throw new RangeError(
    `there is no consumer '${name}'; there are ${consumers.map((consumer) => consumer.name).join(', ')}`,
  );
}

function consumerOf(stack: Stack): readonly DeployedConsumer[] {
  const name = tagOf(stack, 'fanfare:consumer');
  if (name === undefined) return [];
  return [
    {
      name,
      stackName: stack.StackName ?? '',
      queueUrl: outputOf(stack, 'QueueUrl'),
      deadLetterQueueUrl: outputOf(stack, 'DeadLetterQueueUrl'),
      undeliveredQueueUrl: outputOf(stack, 'UndeliveredQueueUrl'),
      subscriptionArn: outputOf(stack, 'SubscriptionArn'),
      idempotencyTable: outputOf(stack, 'IdempotencyTableName'),
      functionName: outputOf(stack, 'FunctionName'),
    },
  ];
}

function tagOf({ Tags = [] }: Stack, key: string): string | undefined {
  return Tags.find(({ Key }) => Key === key)?.Value;
}

function outputOf({ StackName, StackStatus, Outputs = [] }: Stack, key: string): string {
  const value = Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  if (value !== undefined) return value;
  throw new Error(`stack ${StackName} (${StackStatus}) has no output ${key}; deploy it again`);
}
