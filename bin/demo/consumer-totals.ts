import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { LocalStack } from 'fanfare/local';
import type { Finding } from './audit.ts';
import type { BatchReports } from './batch-reports.ts';

/** What became of the messages that a consumer received. */
export interface ConsumerTotals {
  readonly name: string;
  readonly received: number;
  readonly done: number;
  readonly duplicates: number;
  readonly retried: number;
  readonly deadLettered: number;
  readonly findings: readonly Finding[];
}

/** Adds up what the consumers report in their log, and holds it against what their queues say. */
export function addUpConsumers(local: LocalStack, reports: BatchReports): Promise<ConsumerTotals[]> {
  const stacks = local.stacks.flatMap(({ tags, outputs }) => {
    const name = tags['fanfare:consumer'];
    return name === undefined ? [] : [{ name, outputs }];
  });
  return Promise.all(stacks.map(({ name, outputs }) => addUp(local, reports, { name, outputs })));
}

async function addUp(
  local: LocalStack,
  reports: BatchReports,
  { name, outputs }: { readonly name: string; readonly outputs: Readonly<Record<string, string>> },
): Promise<ConsumerTotals> {
  const consumer = local.consumers().find(({ functionName }) => functionName === outputs.FunctionName);
  const count = (what: string): number => reports.sum(name, what);
  const received = consumer?.received ?? 0;
  const done = count('completed');
  const duplicates = count('duplicates');
  const retried = count('retried');
  const deadLettered = count('deadLettered');
  const outcomes = done + duplicates + retried + deadLettered;
  return {
    name,
    received,
    done,
    duplicates,
    retried,
    deadLettered,
    findings: [
      { what: `messages of ${name} that are accounted for`, expected: received, found: outcomes },
      {
        what: `dead letters of ${name}`,
        expected: deadLettered,
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
