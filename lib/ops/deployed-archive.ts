import type { Stack } from '@aws-sdk/client-cloudformation';
import { outputsOf } from './deployed-consumer.ts';
import { ownerNameOf } from './find-stacks.ts';
import { readReplayOutputs } from './replay/deployed-replays.ts';

/** The archive of a bus, read from the outputs of its stack. */
export interface DeployedArchive {
  /** Name of the stack of the bus, such as `shop-dev-Bus`. */
  readonly bus: string;
  /** The app and the stage that the bus belongs to, such as `shop-dev`. */
  readonly owner: string;
  /** Name of the bucket that its objects are in, and large data. */
  readonly bucketName: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** Queue of the messages that SNS could not deliver. */
  readonly undeliveredQueueUrl: string;
  readonly functionName: string;
  /** Name of the table of its replays. Undefined: its stack is of a version that replayed nothing. */
  readonly replayTable?: string | undefined;
}

/** The archives of the buses among these stacks. A bus whose archive is off has none. */
export function readArchives(stacks: readonly Stack[]): readonly DeployedArchive[] {
  return stacks.flatMap((stack) => {
    const { readOptional } = outputsOf(stack);
    const bucketName = readOptional('DataBucketName');
    const queueUrl = readOptional('ArchiveQueueUrl');
    const deadLetterQueueUrl = readOptional('ArchiveDeadLetterQueueUrl');
    const undeliveredQueueUrl = readOptional('ArchiveUndeliveredQueueUrl');
    const functionName = readOptional('ArchiveFunctionName');
    if (!bucketName || !queueUrl || !deadLetterQueueUrl || !undeliveredQueueUrl || !functionName) return [];
    return [
      {
        bus: stack.StackName ?? '',
        owner: ownerNameOf(stack) ?? '',
        bucketName,
        queueUrl,
        deadLetterQueueUrl,
        undeliveredQueueUrl,
        functionName,
        replayTable: readReplayOutputs(stack)?.tableName,
      },
    ];
  });
}
