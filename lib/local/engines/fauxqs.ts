import { join } from 'node:path';
import { type BuildAppOptions, buildApp } from 'fauxqs';
import { makePrivateFile, makePrivateFolder } from '../private-files.ts';
import { filterLikeSns } from './filter-like-sns.ts';
import {
  keepReceiveCounts,
  noteOrigins,
  type Persistence,
  type Queue,
  takeWholeCharacters,
} from './mend-fauxqs.ts';

export type { Queue } from './mend-fauxqs.ts';

export type EngineApp = ReturnType<typeof buildApp>;
type Stores = NonNullable<BuildAppOptions['stores']>;

/** The parts of fauxqs that its entry point does not export. The version is pinned; a test holds that they are there. */
interface Internals {
  readonly SqsStore: new () => Stores['sqsStore'];
  readonly SnsStore: new () => Stores['snsStore'];
  readonly S3Store: new () => Stores['s3Store'];
  readonly PersistenceManager: new (directory: string) => Persistence;
  readonly INVALID_MESSAGE_BODY_CHAR: RegExp;
}

/** What fauxqs calls its file. */
const DATABASE = 'fauxqs.db';

/** How many messages are where in a queue. */
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
  /** Answers the long polls that wait, with what is there. */
  endLongPolls(): void;
  depthOf(queueUrl: string): QueueDepth;
  /**
   * The ARN of the queue from which SQS has moved a message to a dead-letter queue, by the handle of its receipt there. Undefined when it
   * was sent there otherwise, or before the last restart.
   */
  originOf(deadLetterQueue: Queue, receiptHandle: string | undefined): string | undefined;
}

/**
 * Makes the SNS, SQS and S3 engine.
 *
 * fauxqs' own start function listens on every network interface. Nothing here may be reached from outside, so the
 * engine is put together from its parts and the caller listens on 127.0.0.1.
 *
 * @param dataDirectory where messages, topics and queues are kept over restarts; in memory when undefined
 */
export async function createMessagingEngine(
  region: string,
  dataDirectory: string | undefined,
): Promise<MessagingEngine> {
  const internals = await loadInternals();
  const { SqsStore, SnsStore, S3Store, PersistenceManager } = internals;
  takeWholeCharacters(internals.INVALID_MESSAGE_BODY_CHAR);
  const stores: Stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  const origins = noteOrigins(stores.sqsStore);
  filterLikeSns(stores.snsStore);
  // An empty host makes queue URLs name the address that the client has used: 127.0.0.1 and the port.
  Object.assign(stores.sqsStore, { host: '' });
  const app = buildApp({ logger: false, defaultRegion: region, stores });
  if (dataDirectory !== undefined) {
    makePrivateFolder(dataDirectory);
    makePrivateFile(join(dataDirectory, DATABASE));
    const persistence = keepReceiveCounts(new PersistenceManager(dataDirectory));
    persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
    for (const store of Object.values(stores)) Object.assign(store, { persistence });
    for (const queue of stores.sqsStore.allQueues()) Object.assign(queue, { persistence });
    app.addHook('preClose', () => persistence.close());
  }
  return {
    app,
    sqs: stores.sqsStore,
    sns: stores.snsStore,
    endLongPolls: () => stores.sqsStore.shutdown(),
    depthOf: (queueUrl) => depthOf(stores.sqsStore.getQueue(queueUrl)),
    originOf: (queue, receiptHandle = '') => {
      const message = queue.inflightMessages.get(receiptHandle)?.message;
      return message && origins.get(message);
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
