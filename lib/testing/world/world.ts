import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import type { Replay } from '../../contracts/delivery/replay.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import type { BatchItem, UnreadableMessage } from '../../runtime/batch/batch-item.ts';
import type { Handle } from '../../runtime/handling/handle.ts';
import { UnknownRequest } from '../dynamodb/errors.ts';
import { InMemoryDynamoDB, type ItemChange } from '../dynamodb/in-memory-dynamodb.ts';
import { Table } from '../dynamodb/table.ts';
import { Scheduler } from '../process/scheduler.ts';
import type { LogLine } from './log.ts';
import type { Message } from './message.ts';
import type { AnswerFetch, Answers, OutsideCall } from './outside-calls.ts';

/** Name of the idempotency table; a role has no such name. */
export const RECORDS = 'idempotency-records';

/** A write to one of the consumer's own tables. */
export interface OwnChange extends ItemChange {
  /** Whether it was in `ctx.commit`, or made by a client of the handler's own. */
  readonly via: 'commit' | 'client';
  /** `<source>|<id>` of the event whose handler made it. */
  readonly event: string;
}

/** A handler at work. */
export interface Run {
  /** `<source>|<id>` of its event. */
  readonly event: string;
  /** Whether it waits for something real, so that the test's time has to wait for it. */
  readonly isBusy: boolean;
}

/** A message that the consumer has given up. */
export interface GivenUp {
  readonly messageId: string;
  readonly body: string;
  /** Why: the attributes of the dead letter, as an operator sees them. */
  readonly errorName: string;
  readonly errorMessage: string;
}

/** What became of a batch, as the runtime reported it. */
export interface Report {
  readonly items: readonly BatchItem[];
  readonly unreadable: readonly UnreadableMessage[];
}

export interface WorldProps {
  readonly definition: ConsumerDefinition;
  /** By contract type, without the version. */
  readonly handlers: ReadonlyMap<string, Handle>;
  /** Epoch milliseconds at which time begins. */
  readonly startAt: number;
  readonly random: () => number;
  readonly answers: Answers;
  readonly answerFetch: AnswerFetch | undefined;
  /** Values for `ctx.secret`, by name. */
  readonly secrets: Readonly<Partial<Record<string, string>>>;
}

/** Everything around one consumer, in memory: its tables, its queue, the topic, other services, and time. */
export class World {
  readonly definition: ConsumerDefinition;
  readonly handlers: ReadonlyMap<string, Handle>;
  readonly answers: Answers;
  readonly answerFetch: AnswerFetch | undefined;
  readonly secrets: WorldProps['secrets'];
  readonly random: () => number;
  readonly scheduler: Scheduler;
  readonly dynamodb: InMemoryDynamoDB;
  /** Handlers that have begun and not ended. */
  readonly runs = new Set<Run>();
  readonly messages: Message[] = [];
  readonly changes: OwnChange[] = [];
  /** Everything that the topic has taken, in its order, repetitions too. */
  readonly published: Envelope[] = [];
  /** Keys of the events that come later and were cancelled, in their order, repetitions too. */
  readonly cancelled: string[] = [];
  readonly calls: (OutsideCall & { readonly event: string })[] = [];
  readonly deadLetters: GivenUp[] = [];
  readonly logs: LogLine[] = [];
  #testError: Error | undefined;
  #writer: { readonly via: OwnChange['via']; readonly event: string } | undefined;
  #names = 0;

  constructor({ definition, handlers, startAt, random, answers, answerFetch, secrets }: WorldProps) {
    this.secrets = secrets;
    this.definition = definition;
    this.handlers = handlers;
    this.answers = answers;
    this.answerFetch = answerFetch;
    this.random = random;
    this.scheduler = new Scheduler(startAt, () => [...this.runs].some(({ isBusy }) => isBusy));
    const tables = Object.entries(definition.tables).map(([role, keys]) => new Table(role, keys));
    this.dynamodb = new InMemoryDynamoDB([new Table(RECORDS, { partitionKey: 'id' }), ...tables], (change) =>
      this.#onChange(change),
    );
  }

  /** Why nothing can be said of the handlers: what the test has not said, or the testing kit does not know. The first of several. */
  get testError(): Error | undefined {
    return this.#testError;
  }

  /** Notes a complaint, unless there is one. @returns the error that was given */
  reportTestError(error: Error): Error {
    this.#testError ??= error;
    return error;
  }

  /** A name that nothing has had before: `message-1`, `message-2`. */
  newName(kind: string): string {
    this.#names += 1;
    return `${kind}-${this.#names}`;
  }

  /** Executes a command of DynamoDB in the name of a handler, so that it is known who has changed what. */
  writeAs(
    run: Pick<Run, 'event'> | undefined,
    via: OwnChange['via'],
    operation: string,
    input: object,
  ): object {
    this.#writer = run && { via, event: run.event };
    try {
      return this.dynamodb.execute(operation, input);
    } catch (error) {
      if (error instanceof UnknownRequest) this.reportTestError(unknownRequest(run, operation, error));
      throw error;
    } finally {
      this.#writer = undefined;
    }
  }

  /** Puts a message into the queue. */
  send(body: string, replay?: Replay): Message {
    const message: Message = {
      messageId: this.newName('message'),
      body,
      replay,
      sentAt: this.scheduler.now,
      firstReceivedAt: undefined,
      receiveCount: 0,
      visibleAt: this.scheduler.now,
      deleted: false,
    };
    this.messages.push(message);
    return message;
  }

  #onChange(change: ItemChange): void {
    if (change.table !== RECORDS && this.#writer) this.changes.push({ ...change, ...this.#writer });
  }
}

function unknownRequest(run: Pick<Run, 'event'> | undefined, operation: string, cause: Error): Error {
  const who = run ? `the handler of ${run.event}` : 'the runtime';
  const remedy = run
    ? 'repair it, or test this handler with startTestBus()'
    : 'report it to the maintainers of Fanfare';
  return new Error(
    `${who} sends ${operation}, which DynamoDB in memory cannot read: ${cause.message}; ${remedy}`,
    { cause },
  );
}
