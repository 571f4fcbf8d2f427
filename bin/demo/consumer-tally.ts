import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import type { Finding } from './audit.ts';

/** What became of the messages that a consumer received. */
export interface ConsumerTally {
  readonly name: string;
  readonly received: number;
  readonly done: number;
  readonly duplicates: number;
  readonly retried: number;
  readonly deadLettered: number;
  readonly findings: readonly Finding[];
}

/** Adds up what the consumers report in their metrics, and holds it against what their queues say. */
export function tallyConsumers(local: LocalStack): Promise<ConsumerTally[]> {
  const stacks = local.stacks.flatMap(({ tags, outputs }) => {
    const name = tags['fanfare:consumer'];
    return name === undefined ? [] : [{ name, outputs }];
  });
  return Promise.all(stacks.map(({ name, outputs }) => tally(local, name, outputs)));
}

async function tally(
  local: LocalStack,
  name: string,
  outputs: Readonly<Record<string, string>>,
): Promise<ConsumerTally> {
  const consumer = local.consumers().find(({ functionName }) => functionName === outputs.FunctionName);
  const metric = (metricName: string): number => consumer?.counters.metrics.get(metricName) ?? 0;
  const received = consumer?.received ?? 0;
  const [done, duplicates, retried, deadLettered] = [
    'processed',
    'duplicates',
    'retried',
    'deadLettered',
  ].map(metric);
  const fates = [done, duplicates, retried, deadLettered].reduce<number>(
    (sum, count) => sum + (count ?? 0),
    0,
  );
  return {
    name,
    received,
    done: done ?? 0,
    duplicates: duplicates ?? 0,
    retried: retried ?? 0,
    deadLettered: deadLettered ?? 0,
    findings: [
      { what: `messages of ${name} that are accounted for`, expected: received, found: fates },
      {
        what: `dead letters of ${name}`,
        expected: deadLettered ?? 0,
        found: await countMessages(local, outputs),
      },
    ],
  };
}

async function countMessages(local: LocalStack, outputs: Readonly<Record<string, string>>): Promise<number> {
  const { Attributes } = await local.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: outputs.DeadLetterQueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages'],
    }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
}
