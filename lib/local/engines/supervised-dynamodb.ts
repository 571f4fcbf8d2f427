import { requireDatabase } from '../state/require-database.ts';
import { DynamoDBGateway } from './dynamodb-gateway.ts';
import { DynamoDBSupervisor } from './dynamodb-supervisor.ts';
import { createScratchFolder } from './scratch-folder.ts';

/** DynamoDB on this machine. Its address stays the same, also when the engine is started again. */
export interface SupervisedDynamoDB {
  readonly endpoint: string;
  /** Whether no engine runs now. Requests wait meanwhile. */
  readonly isUnreachable: boolean;
  stop(): Promise<void>;
}

export interface SupervisedDynamoDBOptions {
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Folder of its file. @default - a temporary folder that is removed at the end */
  readonly dataDirectory: string | undefined;
  /** Gets each line for the terminal. */
  readonly log: (line: string) => void;
}

/**
 * Starts the embedded DynamoDB. When its process dies, it is started again on the same data, and requests wait meanwhile. If
 * `DYNAMODB_ENDPOINT` is set, that DynamoDB is used and nothing is started.
 *
 * @throws Error when the engine does not start, or cannot read its file
 */
export async function startSupervisedDynamoDB(
  options: SupervisedDynamoDBOptions,
): Promise<SupervisedDynamoDB> {
  const { port, dataDirectory, log } = options;
  const external = process.env.DYNAMODB_ENDPOINT;
  if (external) return { endpoint: external, isUnreachable: false, stop: async () => undefined };
  if (dataDirectory !== undefined) requireDatabase({ folder: dataDirectory, file: 'dynamodb.sqlite' });
  // Data is in a file even if no data directory is given: data in memory would be lost when the process dies.
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
    get isUnreachable() {
      return supervisor.isUnreachable;
    },
    stop,
  };
}
