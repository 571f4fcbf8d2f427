import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { EVENT_SOURCE_CONCURRENCY, EVENT_SOURCE_MAPPING } from '../aws-limits.ts';
import { requirePollerLimits } from '../event-sources/mapping-limits.ts';
import type { CreateResource } from './resource.ts';

interface MappingProperties {
  readonly EventSourceArn?: string;
  readonly FunctionName?: string;
  readonly BatchSize?: number;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly FunctionResponseTypes?: readonly string[];
  readonly FilterCriteria?: object;
  readonly ProvisionedPollerConfig?: { readonly MinimumPollers?: number; readonly MaximumPollers?: number };
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
  readonly Enabled?: boolean;
}

/** AWS::Lambda::EventSourceMapping of an SQS queue. A disabled mapping does not poll. */
export const createEventSourceMapping: CreateResource = async ({ name, properties }, machine) => {
  const { EventSourceArn = '', FunctionName = '', Enabled = true, ...rest }: MappingProperties = properties;
  if (!/^arn:[^:]+:sqs:/.test(EventSourceArn))
    throw new Error(`its source is ${EventSourceArn}; the local runner polls SQS queues only`);
  if (rest.FilterCriteria)
    throw new Error(
      'it has FilterCriteria, which the local runner does not support; use a filter policy on the subscription',
    );
  requirePollerLimits(rest.ProvisionedPollerConfig, rest.ScalingConfig);
  const functionName = FunctionName.split(':').at(-1);
  const functionArn = `arn:aws:lambda:${machine.region}:${machine.account}:function:${functionName}`;
  const { QueueUrl = '' } = await machine.sqs.send(
    new GetQueueUrlCommand({ QueueName: EventSourceArn.split(':').at(-1) }),
  );
  const configuration = {
    queueUrl: QueueUrl,
    queueArn: EventSourceArn,
    region: machine.region,
    batchSize: rest.BatchSize ?? EVENT_SOURCE_MAPPING.defaultBatchSize,
    batchingWindowSeconds: rest.MaximumBatchingWindowInSeconds ?? 0,
    maximumConcurrency: rest.ScalingConfig?.MaximumConcurrency ?? EVENT_SOURCE_CONCURRENCY.max,
    reportBatchItemFailures: rest.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
  };
  if (Enabled) machine.putMapping(name, configuration, functionArn);
  else machine.removeMapping(name);
  return { physicalId: name, attributes: { Id: name } };
};
