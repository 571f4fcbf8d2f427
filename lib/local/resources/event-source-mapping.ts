import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import type { CreateResource } from './resource.ts';

interface MappingProperties {
  readonly EventSourceArn?: string;
  readonly FunctionName?: string;
  readonly BatchSize?: number;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly FunctionResponseTypes?: readonly string[];
  readonly FilterCriteria?: object;
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
  readonly Enabled?: boolean;
}

/** What Lambda scales to when no maximum is set. */
const UNLIMITED_CONCURRENCY = 1_000;

/** AWS::Lambda::EventSourceMapping of an SQS queue. One that is disabled does not poll. */
export const createEventSourceMapping: CreateResource = async ({ name, properties }, machine) => {
  const { EventSourceArn = '', FunctionName = '', Enabled = true, ...rest }: MappingProperties = properties;
  if (!/^arn:[^:]+:sqs:/.test(EventSourceArn))
    throw new Error(`its source is ${EventSourceArn}; the local runner polls SQS queues only`);
  if (rest.FilterCriteria)
    throw new Error('the local runner knows no FilterCriteria; a filter policy of the subscription does it');
  const functionName = FunctionName.split(':').at(-1);
  const functionArn = `arn:aws:lambda:${machine.region}:${machine.account}:function:${functionName}`;
  const { QueueUrl = '' } = await machine.sqs.send(
    new GetQueueUrlCommand({ QueueName: EventSourceArn.split(':').at(-1) }),
  );
  const configuration = {
    queueUrl: QueueUrl,
    queueArn: EventSourceArn,
    region: machine.region,
    batchSize: rest.BatchSize ?? 10,
    batchingWindowSeconds: rest.MaximumBatchingWindowInSeconds ?? 0,
    maximumConcurrency: rest.ScalingConfig?.MaximumConcurrency ?? UNLIMITED_CONCURRENCY,
    reportBatchItemFailures: rest.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
  };
  if (Enabled) machine.putMapping(name, configuration, functionArn);
  else machine.removeMapping(name);
  return { physicalId: name, attributes: { Id: name } };
};
