import { DynamoDBGateway } from './dynamodb-gateway.ts';
import { DynamoDBSupervisor } from './dynamodb-supervisor.ts';
import { createScratchFolder } from './scratch-folder.ts';

/** DynamoDB on this machine, at one address for as long as everything runs. */
export interface LastingDynamoDB {
  readonly endpoint: string;
  /** Whether there is no engine now: requests wait. */
  readonly isAway: boolean;
  stop(): Promise<void>;
}

export interface LastingDynamoDBOptions {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  /** Where its file is kept. @default - in a folder that is gone afterwards */
  readonly dataDirectory: string | undefined;
  /** Takes a line for a person to read. */
  readonly log: (line: string) => void;
}

/**
 * Starts the embedded DynamoDB, which outlives the death of its process: it is started again on the same data while
 * requests wait. Or takes the one that `DYNAMODB_ENDPOINT` names, as it is.
 *
 * @throws Error when it does not start, or cannot read what is kept
 */
export async function startLastingDynamoDB(options: LastingDynamoDBOptions): Promise<LastingDynamoDB> {
  const { port, dataDirectory, log } = options;
  const external = process.env.DYNAMODB_ENDPOINT;
  if (external) return { endpoint: external, isAway: false, stop: async () => undefined };
  // In a file also when nothing is kept: what is in the memory of a process is lost with it.
  const scratch = dataDirectory === undefined ? await createScratchFolder() : undefined;
  const supervisor = new DynamoDBSupervisor(dataDirectory ?? scratch?.path ?? '', log);
  const gateway = new DynamoDBGateway(() => supervisor.endpoint());
  const stop = async (): Promise<void> => {
    await gateway.stop();
    await supervisor.stop();
    await scratch?.remove();
  };
  try {
    await gateway.listen(port);
    await supervisor.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    get isAway() {
      return supervisor.isAway;
    },
    stop,
  };
}
