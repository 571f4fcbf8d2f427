import type { KeptEntry } from '../local/event-bridge/entries.ts';
import type { KeptMail } from '../local/mail.ts';
import { startLocal } from '../local/start-local.ts';
import { createPublisher, type Publisher } from '../publishing/client/create-publisher.ts';
import { type BusTable, createBusTable } from './bus/bus-table.ts';
import { type BusDeadLetter, readDeadLetters } from './bus/dead-letters.ts';
import { findConsumer, isNotArchive } from './bus/deployed-consumer.ts';
import { invokeBridge, type SentEvent } from './bus/invoke-bridge.ts';
import { waitUntilSettled } from './bus/settled.ts';
import { waitUntil } from './bus/wait.ts';

/** An app that can be synthesized: that of the AWS CDK, or anything alike. */
export interface SynthesizableApp {
  synth(): { readonly directory: string };
}

export interface TestBusOptions {
  /** Variables that every function gets on top of its own. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** A JSON file with the values of secrets, by their name in Secrets Manager or Systems Manager. @default - none: reading a secret fails */
  readonly secretsFile?: string;
  /** `source` of the events that are published without one. @default '/test' */
  readonly source?: string;
  /**
   * Whether events are archived. `settled()` then waits for the archive too, a second or two longer.
   *
   * @default false
   */
  readonly archive?: boolean;
  /** Gets the log lines of the functions and of the bus. @default - they are dropped */
  readonly log?: (line: string) => void;
}

/** An app that runs on this machine for a test. */
export interface TestBus extends AsyncDisposable {
  /** URL of the HTTP API. */
  readonly apiUrl: string;
  /** Publishes through the HTTP API, as a client does: by contract, and typed by it. */
  readonly publish: Publisher['publish'];
  /** Publishes several at once; make them with `event`. */
  readonly publishAll: Publisher['publishAll'];
  readonly event: Publisher['event'];
  /**
   * Waits until something is so: until it returns anything but false, without a throw.
   *
   * @param timeoutSeconds @default 20
   * @throws Error with the last throw as its cause
   */
  eventually(check: () => unknown, timeoutSeconds?: number): Promise<void>;
  /**
   * Waits until no message waits for a consumer or is with one, redeliveries included, also not for one whose breaker is open. Events that come
   * later are not waited for: see `advance`.
   *
   * @param timeoutSeconds @default 20
   * @throws Error naming the consumers that are not done, and whose breaker is open since when and why
   */
  settled(timeoutSeconds?: number): Promise<void>;
  /**
   * Lets time pass at once: what is due in these seconds happens now, each at its time and in its order. Events for later are delivered,
   * schedules are sent, and messages that a consumer has released are delivered again. Functions see the time that has passed; the time of
   * the test stays real. Waits first, and at each step, until no function works.
   *
   * @param timeoutSeconds how long functions may work at each step, in real time. @default 20
   * @throws RangeError when `seconds` is no positive number
   * @throws Error that names the functions that are still working after the time-out
   */
  advance(seconds: number, timeoutSeconds?: number): Promise<void>;
  /** The time that functions see: the real time, and what `advance` has added. */
  now(): Date;
  /** A table of a consumer, by the consumer's name and the table's role. @throws Error when there is none */
  table(consumer: string, role: string): BusTable;
  /** Mail that was sent with SES, newest first. */
  mail(): readonly KeptMail[];
  /** Events that were put on EventBridge, newest first. */
  eventBridgeEntries(): readonly KeptEntry[];
  /**
   * Gives an event to the function of a bridge from EventBridge, as its rule does.
   *
   * @param bridge its name
   * @param event as EventBridge sends it; a `time`, `account`, `region` and `resources` that are left out are made up
   * @throws Error when there is no such bridge, or its function throws
   */
  fromEventBridge(bridge: string, event: SentEvent): Promise<void>;
  /** Messages that a consumer or a bridge has given up. They stay where they are. */
  deadLetters(consumer: string): Promise<readonly BusDeadLetter[]>;
  /** Ends everything that was started. `await using` does it by itself. */
  stop(): Promise<void>;
}

const TIMEOUT_SECONDS = 20;
const FREE_PORTS = { api: 0, aws: 0, dynamodb: 0 };

/**
 * Starts an app on this machine, on free ports and with empty tables: what its templates describe, with its own bundles, as
 * `fanfare start` does. Takes seconds: once for a test file.
 *
 * @param app a folder with a synthesized assembly, such as `cdk.out`, or the CDK app itself
 * @throws Error when an engine does not start, or the app has a resource that the local runner does not know
 * @example
 * await using bus = await startTestBus(app);
 * await bus.publish(ReviewPublished, data);
 * await bus.settled();
 * expect(await bus.table('ratings', 'movies').items()).toEqual([{ movieId: 'alien', ratings: 1, stars: 5 }]);
 */
export async function startTestBus(
  app: string | SynthesizableApp,
  {
    environment = {},
    secretsFile,
    source = '/test',
    archive = false,
    log = () => undefined,
  }: TestBusOptions = {},
): Promise<TestBus> {
  const assemblyDirectory = typeof app === 'string' ? app : synthesize(app);
  const local = await startLocal({
    assemblyDirectory,
    ports: FREE_PORTS,
    environment,
    secretsFile,
    ...(!archive && { polls: isNotArchive }),
    log,
    verbose: true,
  });
  const { publish, publishAll, event } = createPublisher({ url: local.apiUrl, source });
  const stop = once(() => local.stop());
  return {
    apiUrl: local.apiUrl,
    publish,
    publishAll,
    event,
    eventually: (check, timeoutSeconds = TIMEOUT_SECONDS) =>
      waitUntil(
        async () => (await check()) !== false,
        timeoutSeconds,
        () => 'it is still not so',
      ),
    settled: (timeoutSeconds = TIMEOUT_SECONDS) => waitUntilSettled(local, timeoutSeconds),
    advance: (seconds, timeoutSeconds = TIMEOUT_SECONDS) => local.advance(seconds, timeoutSeconds),
    now: () => new Date(local.clock.now()),
    table: (consumer, role) => createBusTable(local.dynamodb, findConsumer(local, consumer).tableName(role)),
    mail: () => local.mail(),
    eventBridgeEntries: () => local.eventBridgeEntries(),
    fromEventBridge: (bridge, event) => invokeBridge(local, bridge, event),
    deadLetters: (consumer) => readDeadLetters(local.sqs, findConsumer(local, consumer).deadLetterQueueUrl),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Without the CDK's validation, which takes longer than everything else here, and which `cdk synth` does. */
function synthesize(app: SynthesizableApp): string {
  const { CDK_VALIDATION } = process.env;
  process.env.CDK_VALIDATION = 'false';
  try {
    return app.synth().directory;
  } finally {
    if (CDK_VALIDATION === undefined) delete process.env.CDK_VALIDATION;
    else process.env.CDK_VALIDATION = CDK_VALIDATION;
  }
}

function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}
