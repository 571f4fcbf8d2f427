import type { Deployment } from '../../../lib/ops/deployment.ts';
import type { HeldMessages } from '../../../lib/ops/held-messages.ts';
import { formatTable } from '../../terminal/table.ts';

interface Refused extends Pick<Deployment, 'stage' | 'protectedStacks'> {
  /** What is not destroyed, such as `Stage prod`. */
  readonly title: string;
}

/** Says why a stage, or some consumers of it, are not destroyed, and what to do about each reason. */
export function describeRefusal(
  { title, stage, protectedStacks }: Refused,
  held: readonly HeldMessages[],
): string {
  return [
    `Not destroyed: ${title}.`,
    ...(held.length > 0 ? describeMessages(stage, held) : []),
    ...(protectedStacks.length > 0 ? describeProtection(protectedStacks) : []),
  ].join('\n\n');
}

function describeMessages(stage: string, held: readonly HeldMessages[]): readonly string[] {
  const has = (role: HeldMessages['role']): boolean => held.some((queue) => queue.role === role);
  const rows = held.map(({ consumer, role, visible, inFlight, delayed }) => [
    consumer,
    role,
    visible,
    inFlight,
    delayed,
  ]);
  const remedies = [
    ...(has('queue') ? ['queue: stop publishing, and let the consumer handle what waits.'] : []),
    ...(has('dead-letter queue')
      ? [
          `dead-letter queue: read the reasons (npx fanfare dlq list <consumer> --stage ${stage}), then send them back ` +
            '(dlq redrive) or write them to a file and delete them (dlq purge).',
        ]
      : []),
    ...(has('undelivered queue')
      ? [
          'undelivered queue: move its messages to the queue of the consumer, or delete them (aws sqs purge-queue ' +
            '--queue-url <url>; the stack has it as the output UndeliveredQueueUrl).',
        ]
      : []),
    '--abandon-messages destroys it all the same; you give these messages up.',
  ];
  return [
    'These queues hold messages (SQS counts approximately, up to a minute late):',
    formatTable([['consumer', 'queue', 'visible', 'in flight', 'delayed'], ...rows]),
    ['What to do:', ...remedies.map((line) => `- ${line}`)].join('\n'),
  ];
}

function describeProtection(stacks: readonly string[]): readonly string[] {
  return [
    'These stacks have termination protection, and CloudFormation would refuse. Lift it when you are sure:',
    stacks
      .map(
        (name) =>
          `aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name ${name}`,
      )
      .join('\n'),
  ];
}
