import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import type { CreateResource } from './resource.ts';

interface MappingProperties {
  readonly EventSourceArn?: string;
  readonly FunctionName?: string;
  readonly BatchSize?: number;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly FunctionResponseTypes?: readonly string[];
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
  readonly Enabled?: boolean;
}

/** What Lambda scales to when no maximum is set. */
const UNLIMITED_CONCURRENCY = 1_000;

/** AWS::Lambda::EventSourceMapping of an SQS queue. */
export const createEventSourceMapping: CreateResource = async ({ name, properties }, machine) => {
  const { EventSourceArn = '', FunctionName = '', Enabled = true, ...rest }: MappingProperties = properties;
  const { QueueUrl = '' } = await machine.sqs.send(
    new GetQueueUrlCommand({ QueueName: EventSourceArn.split(':').at(-1) }),
  );
  const functionName = FunctionName.split(':').at(-1);
  const functionArn = `arn:aws:lambda:${machine.region}:${machine.account}:function:${functionName}`;
  if (Enabled) {
    machine.putMapping(
      {
        queueUrl: QueueUrl,
        queueArn: EventSourceArn,
        region: machine.region,
        batchSize: rest.BatchSize ?? 10,
        batchingWindowSeconds: rest.MaximumBatchingWindowInSeconds ?? 0,
        maximumConcurrency: rest.ScalingConfig?.MaximumConcurrency ?? UNLIMITED_CONCURRENCY,
        reportBatchItemFailures: rest.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
      },
      functionArn,
    );
  }
  return { physicalId: name, attributes: { Id: name } };
};
