import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { BusParts } from './i-event-bus.ts';

/** A bus that may have an archive. */
interface ArchivedBus {
  readonly busName: string;
  readonly archive: { readonly replay: { readonly function: IFunction } } | undefined;
}

/** The parts of a bus for a consumer in its own stack: the resources themselves. */
export function ownParts(
  bus: ArchivedBus & Pick<BusParts, 'topic' | 'key' | 'dataBucket' | 'dataKey' | 'alarmTopic' | 'laterQueue'>,
): BusParts {
  const { topic, key, dataBucket, dataKey, alarmTopic, laterQueue } = bus;
  return {
    ...{ topic, key, dataBucket, dataKey, logKey: dataKey, alarmTopic, laterQueue },
    get replayFunctionArn() {
      return replayFunctionArnOf(bus);
    },
  };
}

/** The function that replays the archive of a bus. @throws TypeError when it has none */
export function replayFunctionArnOf({ archive, busName }: ArchivedBus): string {
  if (archive) return archive.replay.function.functionArn;
  throw new TypeError(
    `a consumer cannot start from the archive of ${busName}, which has none; set -c archive=on, or leave startFrom at 'now'`,
  );
}
