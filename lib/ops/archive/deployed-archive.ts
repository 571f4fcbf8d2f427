import type { Stack } from '@aws-sdk/client-cloudformation';
import { outputsOf } from '../deployed-consumer.ts';

/** The archive of a bus, read from the outputs of the stack of the bus. */
export interface DeployedArchive {
  /** Name of the bucket that its objects are in, and large data. */
  readonly bucketName: string;
  readonly queueUrl: string;
  /** Queue of the messages that could not be archived. */
  readonly deadLetterQueueUrl: string;
  /** Queue of the messages that SNS could not deliver to the archive. */
  readonly undeliveredQueueUrl: string;
  readonly functionName: string;
}

/** Reads the archive of a bus; undefined when the bus has none. */
export function readArchiveOutputs(bus: Stack): DeployedArchive | undefined {
  const { read, missing } = outputsOf(bus);
  const archive = {
    bucketName: read('DataBucketName'),
    queueUrl: read('ArchiveQueueUrl'),
    deadLetterQueueUrl: read('ArchiveDeadLetterQueueUrl'),
    undeliveredQueueUrl: read('ArchiveUndeliveredQueueUrl'),
    functionName: read('ArchiveFunctionName'),
  };
  return missing.length === 0 ? archive : undefined;
}
