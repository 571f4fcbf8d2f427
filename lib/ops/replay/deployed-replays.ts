import type { Stack } from '@aws-sdk/client-cloudformation';
import { outputsOf } from '../deployed-consumer.ts';

/** What replays the archive of a bus, read from the outputs of the stack of the bus. */
export interface DeployedReplays {
  readonly queueUrl: string;
  /** Queue of the parts that have failed for good. */
  readonly deadLetterQueueUrl: string;
  readonly tableName: string;
  readonly functionName: string;
}

/** Reads what replays the archive of a bus; undefined when the bus has no archive. */
export function readReplayOutputs(bus: Stack): DeployedReplays | undefined {
  const { read, missing } = outputsOf(bus);
  const replays = {
    queueUrl: read('ReplayQueueUrl'),
    deadLetterQueueUrl: read('ReplayDeadLetterQueueUrl'),
    tableName: read('ReplayTableName'),
    functionName: read('ReplayFunctionName'),
  };
  return missing.length === 0 ? replays : undefined;
}
