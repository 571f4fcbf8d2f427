import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployedConsumer } from '../deployment.ts';

/** What the templates say of a consumer. */
export interface Expected {
  readonly visibilitySeconds?: number | undefined;
  readonly retentionSeconds?: number | undefined;
  readonly deadLetterRetentionSeconds?: number | undefined;
  readonly maxReceiveCount?: number | undefined;
  /** As JSON. */
  readonly filterPolicy?: string | undefined;
  /** How many there should be. */
  readonly alarms: number;
}

interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value?: { readonly Ref?: string } }>>;
}

interface Properties {
  readonly VisibilityTimeout?: number;
  readonly MessageRetentionPeriod?: number;
  readonly RedrivePolicy?: { readonly maxReceiveCount?: number };
  readonly FilterPolicy?: unknown;
}

/**
 * Reads from an assembly what a consumer should be like.
 *
 * @returns undefined when the assembly has no stack of it
 */
export async function readExpected(
  assemblyDirectory: string,
  { stackName }: DeployedConsumer,
): Promise<Expected | undefined> {
  const text = await readFile(join(assemblyDirectory, `${stackName}.template.json`), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      // A consumer that is deployed and not in the app: that is for the caller to say.
      if (error.code === 'ENOENT') return undefined;
      throw error;
    },
  );
  if (text === undefined) return undefined;
  // The CDK has written it.
  const { Resources = {}, Outputs = {} } = JSON.parse(text) as Template;
  const of = (output: string): Properties => Resources[Outputs[output]?.Value?.Ref ?? '']?.Properties ?? {};
  const queue = of('QueueUrl');
  const filterPolicy = of('SubscriptionArn').FilterPolicy;
  return {
    visibilitySeconds: queue.VisibilityTimeout,
    retentionSeconds: queue.MessageRetentionPeriod,
    deadLetterRetentionSeconds: of('DeadLetterQueueUrl').MessageRetentionPeriod,
    maxReceiveCount: queue.RedrivePolicy?.maxReceiveCount,
    filterPolicy: filterPolicy === undefined ? undefined : JSON.stringify(filterPolicy),
    alarms: Object.values(Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm').length,
  };
}
