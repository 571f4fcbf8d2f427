import { join } from 'node:path';
import { type BuildAppOptions, buildApp } from 'fauxqs';
import { answerUnreadable } from '../requests/read-request.ts';
import { makePrivateFile, makePrivateFolder } from '../state/private-files.ts';
import { requireDatabase } from '../state/require-database.ts';
import { keepAccounts, noteCallers } from './accounts.ts';
import { type MessageTimes, messageTimes } from './bring-forward.ts';
import { countTraffic, type Traffic } from './count-traffic.ts';
import { filterLikeSns } from './filter-like-sns.ts';
import {
  acceptAllCharacters,
  keepReceiveCounts,
  moveInOneStep,
  type Persistence,
  type Queue,
  recordMoves,
} from './repair-fauxqs.ts';

export type { Queue } from './repair-fauxqs.ts';

export type EngineApp = ReturnType<typeof buildApp>;
type Stores = NonNullable<BuildAppOptions['stores']>;

/** Parts of fauxqs that its entry point does not export. The version is pinned, and a test checks that they exist. */
interface Internals {
  readonly SqsStore: new () => Stores['sqsStore'];
  readonly SnsStore: new () => Stores['snsStore'];
  readonly S3Store: new () => Stores['s3Store'];
  readonly PersistenceManager: new (directory: string) => Persistence;
  readonly INVALID_MESSAGE_BODY_CHAR: RegExp;
}

/** Name of the file that fauxqs writes. */
const DATABASE = 'fauxqs.db';
/** The database of the tables, which are created after the queues. */
const TABLES = 'dynamodb/dynamodb.sqlite';

/** Number of messages in a queue, by their state. */
export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** SNS, SQS and S3 in this process, ready to listen. */
export interface MessagingEngine {
  /** Routes may be added until it listens. */
  readonly app: EngineApp;
  readonly sqs: Stores['sqsStore'];
  readonly sns: Stores['snsStore'];
  /** Answers all waiting long polls at once, with the messages that are there. */
  endLongPolls(): void;
  depthOf(queueUrl: string): QueueDepth;
  /** Number of long polls that wait for a message. */
  pollersOf(queueUrl: string): number;
  /** When the next hidden message of a queue becomes visible: epoch milliseconds, real time. */
  nextVisibleAt(queueUrl: string): number | undefined;
  bringForward: MessageTimes['bringForward'];
  trafficOf(queue: Queue): Traffic;
  /**
   * The ARN of the queue from which SQS moved a message to a dead-letter queue. The message is named by its receipt handle in the dead-letter
   * queue. Undefined when it was sent there in another way, or moved before the last restart.
   */
  originOf(deadLetterQueue: Queue, receiptHandle: string | undefined): string | undefined;
}

/**
 * Creates the SNS, SQS and S3 engine.
 *
 * The start function of fauxqs listens on every network interface. Other machines must not reach this engine, so it is built from the parts
 * of fauxqs, and the caller listens on 127.0.0.1.
 *
 * @param dataDirectory folder that keeps messages, topics and queues over restarts; when undefined, they are kept in memory
 * @throws Error when the database in it cannot be read, or has lost its content
 */
export async function createMessagingEngine(
  region: string,
  dataDirectory: string | undefined,
): Promise<MessagingEngine> {
  const internals = await loadInternals();
  const { SqsStore, SnsStore, S3Store, PersistenceManager } = internals;
  acceptAllCharacters(internals.INVALID_MESSAGE_BODY_CHAR);
  const stores: Stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  keepAccounts(stores);
  const trafficOf = countTraffic(stores.sqsStore);
  const moves = recordMoves(stores.sqsStore);
  filterLikeSns(stores.snsStore);
  // With an empty host, a queue URL has the address that the client used: 127.0.0.1 and the port.
  Object.assign(stores.sqsStore, { host: '' });
  const app = buildApp({ logger: false, defaultRegion: region, stores });
  noteCallers(app);
  answerUnreadable(app);
  let kept: Persistence | undefined;
  if (dataDirectory !== undefined) {
    requireDatabase({ folder: dataDirectory, file: DATABASE, writtenLater: [TABLES] });
    makePrivateFolder(dataDirectory);
    makePrivateFile(join(dataDirectory, DATABASE));
    const persistence = moveInOneStep(keepReceiveCounts(new PersistenceManager(dataDirectory)), moves);
    persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
    for (const store of Object.values(stores)) Object.assign(store, { persistence });
    for (const queue of stores.sqsStore.allQueues()) Object.assign(queue, { persistence });
    app.addHook('preClose', () => persistence.close());
    kept = persistence;
  }
  const times = messageTimes(stores.sqsStore, kept);
  return {
    app,
    sqs: stores.sqsStore,
    sns: stores.snsStore,
    endLongPolls: () => stores.sqsStore.shutdown(),
    trafficOf,
    depthOf: (queueUrl) => depthOf(stores.sqsStore.getQueue(queueUrl)),
    pollersOf: (queueUrl) => stores.sqsStore.getQueue(queueUrl)?.pollWaiters.length ?? 0,
    nextVisibleAt: (queueUrl) => {
      const queue = stores.sqsStore.getQueue(queueUrl);
      return queue && times.nextVisibleAt(queue);
    },
    bringForward: times.bringForward,
    originOf: (queue, receiptHandle = '') => {
      const message = queue.inflightMessages.get(receiptHandle)?.message;
      return message && moves.origins.get(message);
    },
  };
}

function depthOf(queue: ReturnType<Stores['sqsStore']['getQueue']>): QueueDepth {
  return {
    visible: Number(queue?.getAttribute('ApproximateNumberOfMessages') ?? 0),
    inFlight: Number(queue?.getAttribute('ApproximateNumberOfMessagesNotVisible') ?? 0),
    delayed: Number(queue?.getAttribute('ApproximateNumberOfMessagesDelayed') ?? 0),
  };
}

async function loadInternals(): Promise<Internals> {
  const parts = ['sqs/sqsStore.js', 'sqs/sqsTypes.js', 'sns/snsStore.js', 's3/s3Store.js', 'persistence.js'];
  const entry = import.meta.resolve('fauxqs');
  const modules: object[] = await Promise.all(parts.map((part) => import(new URL(part, entry).href)));
  const internals: object = Object.assign({}, ...modules);
  assertInternals(internals);
  return internals;
}

function assertInternals(parts: object): asserts parts is Internals {
  for (const name of ['SqsStore', 'SnsStore', 'S3Store', 'PersistenceManager', 'INVALID_MESSAGE_BODY_CHAR']) {
    if (!(name in parts)) {
      throw new Error(`this version of fauxqs has no ${name}; install the version that package.json names`);
    }
  }
}
