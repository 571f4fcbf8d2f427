import { type Deployment, type IncompleteStack, lackOf } from '../../ops/deployment.ts';
import type { HeldMessages } from '../../ops/destroy/held-messages.ts';
import { fanfareCommand, type Whereabouts } from '../../ops/fanfare-command.ts';
import { formatTable } from '../terminal/table.ts';

interface Refused extends Pick<Deployment, 'protectedStacks' | 'incomplete'> {
  readonly where: Whereabouts;
  /** What is not destroyed, such as `stage prod of shop`. */
  readonly title: string;
  readonly held: readonly HeldMessages[];
}

/** Says why a stage, or some consumers of it, are not destroyed, and what to do about each reason. */
export function describeRefusal({ title, where, protectedStacks, incomplete, held }: Refused): string {
  return [
    `Not destroyed: ${title}.`,
    ...(held.length > 0 ? describeMessages(where, held) : []),
    ...(incomplete.length > 0 ? describeUnseen(incomplete) : []),
    ...(protectedStacks.length > 0 ? describeProtection(protectedStacks) : []),
  ].join('\n\n');
}

function describeUnseen(stacks: readonly IncompleteStack[]): readonly string[] {
  return [
    'What the queues of these stacks hold is not known:',
    stacks.map((stack) => `- ${stack.stackName}: ${lackOf(stack)}`).join('\n'),
    '--abandon-messages destroys them all the same.',
  ];
}

function describeMessages(where: Whereabouts, held: readonly HeldMessages[]): readonly string[] {
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
          `dead-letter queue: read the reasons (${fanfareCommand('dlq list <consumer>', where)}), then send them back ` +
            '(dlq redrive) or write them to a file and delete them (dlq purge).',
        ]
      : []),
    ...(has('undelivered queue')
      ? [
          `undelivered queue: the same, with --undelivered (${fanfareCommand('dlq redrive <consumer> --undelivered', where)}).`,
        ]
      : []),
    ...(has('dead-letter queue of a bridge')
      ? [
          'dead-letter queue of a bridge: read the reasons and send the events again (docs/runbook.md#unpublishedevents), or delete them.',
        ]
      : []),
    ...(held.some(({ role }) => role.endsWith('of the archive'))
      ? [
          'queues of the archive: stop publishing, and wait for six minutes; for what is there then, see docs/runbook.md#archivedeadletters.',
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
