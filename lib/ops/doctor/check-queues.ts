import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer } from '../deployment.ts';
import { queueName } from '../queue-name.ts';
import type { Finding } from './finding.ts';
import type { Expected } from './read-expected.ts';

/** Queues that are as they were synthesized, and that lose nothing. */
export async function checkQueues(
  { sqs }: Pick<OpsClients, 'sqs'>,
  consumer: DeployedConsumer,
  expected: Expected | undefined,
): Promise<readonly Finding[]> {
  const read = async (QueueUrl: string) =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};
  const [queue, dead, undelivered] = await Promise.all([
    read(consumer.queueUrl),
    read(consumer.deadLetterQueueUrl),
    read(consumer.undeliveredQueueUrl),
  ]);
  return [
    ...checkRedrive(consumer, queue, dead),
    ...differences(consumer, { queue, dead }, expected),
    ...lying(consumer, dead, undelivered),
  ];
}

type Attributes = Readonly<Record<string, string>>;

function checkRedrive({ name, queueUrl }: DeployedConsumer, queue: Attributes, dead: Attributes): Finding[] {
  const resource = `queue ${queueName(queueUrl)} of ${name}`;
  const { deadLetterTargetArn } = JSON.parse(queue.RedrivePolicy ?? '{}');
  if (deadLetterTargetArn !== dead.QueueArn) {
    return [
      {
        severity: 'error',
        resource,
        detail: 'has no redrive policy to its dead-letter queue: what always fails is tried until it expires',
        remedy: `deploy the stack of ${name} again`,
      },
    ];
  }
  const [kept, keptDead] = [Number(queue.MessageRetentionPeriod), Number(dead.MessageRetentionPeriod)];
  if (keptDead > kept) return [];
  return [
    {
      severity: 'error',
      resource,
      detail: `keeps messages for ${kept} s, its dead-letter queue for ${keptDead} s: a message keeps its age, and may be gone before anybody has seen it`,
      remedy: 'let the dead-letter queue keep them for longer, 14 days at best',
    },
  ];
}

function differences(
  { name, queueUrl }: DeployedConsumer,
  { queue, dead }: { readonly queue: Attributes; readonly dead: Attributes },
  expected: Expected | undefined,
): Finding[] {
  if (!expected) return [];
  const maxReceiveCount = Number(JSON.parse(queue.RedrivePolicy ?? '{}').maxReceiveCount);
  const compared: readonly [string, number, number | undefined][] = [
    ['a visibility timeout of', Number(queue.VisibilityTimeout), expected.visibilitySeconds],
    ['a retention of', Number(queue.MessageRetentionPeriod), expected.retentionSeconds],
    ['a dead-letter retention of', Number(dead.MessageRetentionPeriod), expected.deadLetterRetentionSeconds],
    ['a maxReceiveCount of', maxReceiveCount, expected.maxReceiveCount],
  ];
  return compared.flatMap(([what, is, should]) =>
    should === undefined || is === should
      ? []
      : [
          {
            severity: 'error' as const,
            resource: `queue ${queueName(queueUrl)} of ${name}`,
            detail: `has ${what} ${is}, and ${should} is synthesized: somebody has changed it by hand`,
            remedy: `deploy the stack of ${name} again, or change its definition`,
          },
        ],
  );
}

function lying({ name }: DeployedConsumer, dead: Attributes, undelivered: Attributes): Finding[] {
  const [letters, lost] = [dead, undelivered].map((one) => Number(one.ApproximateNumberOfMessages ?? 0));
  const findings: Finding[] = [];
  if (letters) {
    findings.push({
      severity: 'warning',
      resource: `dead-letter queue of ${name}`,
      detail: `holds ${letters} dead letters, which expire 14 days after they were published`,
      remedy: `npx fanfare dlq list ${name}`,
    });
  }
  if (lost) {
    findings.push({
      severity: 'error',
      resource: `subscription of ${name}`,
      detail: `SNS could not deliver ${lost} events to its queue`,
      remedy:
        'mend the policies of the queue, then move the messages from the undelivered queue to the queue',
    });
  }
  return findings;
}
