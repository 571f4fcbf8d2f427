import type { ConsumerDefinition } from '../contracts/define-consumer.ts';
import type { Replay } from '../contracts/delivery/replay.ts';
import type { Envelope } from '../contracts/envelope/envelope.ts';
import { type Handlers, handlerMap } from '../runtime/consume.ts';
import type { Around } from '../runtime/handling/around.ts';
import { disturbBy, type Fault } from './fault.ts';
import { intercepted } from './process/intercept.ts';
import { createChance } from './simulation/chance.ts';
import { messageBody, type TestEvent } from './test-event.ts';
import { createTestTable, type TestTable } from './test-table.ts';
import { type NativeItem, toNative } from './values/native.ts';
import { type DeliveryOutcome, deliver } from './world/deliver.ts';
import type { LogLine } from './world/log.ts';
import type { Message } from './world/message.ts';
import type { AnswerFetch, Answers, OutsideCall } from './world/outside-calls.ts';
import { type GivenUp, type OwnChange, World } from './world/world.ts';

/** The roles of a consumer's own tables. */
export type TableOf<Definition extends ConsumerDefinition> = keyof Definition['tables'] & string;

export interface TestConsumerOptions<Definition extends ConsumerDefinition = ConsumerDefinition> {
  /** The function around the handlers, as `consume` takes it. @default - none */
  readonly around?: Around<Definition>;
  /** When the test's clock begins. @default 2026-01-01T00:00:00Z */
  readonly startAt?: Date;
  /** Values for `ctx.secret`, by name. @default - none: reading a secret fails */
  readonly secrets?: Readonly<Partial<Record<keyof Definition['secrets'] & string, string>>>;
  /** What other AWS services answer to the handlers. @default - sending mail and messages succeeds, anything else is an error */
  readonly answers?: Answers;
  /** What the handlers' `fetch` gets. @default - an error */
  readonly fetch?: AnswerFetch;
}

export interface ReceiveOptions {
  /** Messages that carry the event, delivered one after the other. @default 1 */
  readonly times?: number;
  /** What goes wrong with the first delivery. @default - nothing */
  readonly fault?: Fault;
  /** The replay that delivers it from the archive. @default - none: the event was published just now */
  readonly replay?: Replay;
}

/** One write to one of the consumer's own tables. */
export interface Effect<Table extends string = string> {
  readonly table: Table;
  readonly kind: 'created' | 'changed' | 'deleted';
  /** The item as it is now; of a deletion, as it was. */
  readonly item: NativeItem;
  /** The item as it was, when it was changed. */
  readonly before?: NativeItem;
  /** `commit`: with `ctx.commit`, exactly once. `client`: by a client of the handler's own, as often as it is called. */
  readonly via: 'commit' | 'client';
}

/** What came of an event. */
export interface Received<Table extends string = string> {
  /** How the last delivery ended. */
  readonly outcome: DeliveryOutcome;
  /** How each delivery ended. */
  readonly outcomes: readonly DeliveryOutcome[];
  /** Why the last delivery did not succeed. */
  readonly error: Error | undefined;
  /** Writes to the consumer's own tables, in their order. */
  readonly effects: readonly Effect<Table>[];
  /** Events that were published, in their order. One that comes later has its time in `deliverat`; the test delivers it itself. */
  readonly emitted: readonly Envelope[];
  /** Keys and ids of the events for later that were cancelled. */
  readonly cancelled: readonly string[];
  /** Calls of other services: mail, `fetch`, everything that is no table of the consumer's own. */
  readonly calls: readonly OutsideCall[];
  readonly logs: readonly LogLine[];
  /** When it is delivered again, from now on; undefined when it is not. */
  readonly retryInSeconds: number | undefined;
}

/** A consumer in this process: the real runtime, between services in memory. */
export interface TestConsumer<Definition extends ConsumerDefinition> {
  /** Delivers an event. Never rejects for what the handler does: that is the outcome. */
  receive(
    event: TestEvent<Definition['listensTo'][number]>,
    options?: ReceiveOptions,
  ): Promise<Received<TableOf<Definition>>>;
  /** Delivers a message with this body, whatever it is: an older version, a broken event. */
  receiveMessage(body: string, options?: ReceiveOptions): Promise<Received<TableOf<Definition>>>;
  /**
   * Delivers the message again that comes again first; the clock goes on to that moment.
   *
   * @throws Error when no message waits
   */
  redeliver(options?: Pick<ReceiveOptions, 'fault'>): Promise<Received<TableOf<Definition>>>;
  /** One of the consumer's own tables, by its role. */
  table(role: TableOf<Definition>): TestTable;
  /** The time that the handlers see. It moves only when they wait. */
  readonly clock: { now(): Date; advance(seconds: number): Promise<void> };
  readonly deadLetters: readonly GivenUp[];
}

const START = new Date('2026-01-01T00:00:00Z');

/**
 * Runs a consumer's handlers in this process: no engine, no environment variables, no real time. Between them and the tables, the
 * queue and the topic, which are in memory, is the very runtime that runs in Lambda.
 *
 * @example
 * const consumer = testConsumer(ratings, handlers);
 * const { outcomes, effects } = await consumer.receive({ type: 'movies.ReviewPublished', data }, { times: 2 });
 */
export function testConsumer<Definition extends ConsumerDefinition>(
  definition: Definition,
  handlers: Handlers<Definition>,
  options: TestConsumerOptions<Definition> = {},
): TestConsumer<Definition> {
  const { startAt = START, secrets = {}, answers = {}, fetch, around } = options;
  type Table = TableOf<Definition>;
  const world = new World({
    definition,
    handlers: handlerMap(handlers, around),
    startAt: startAt.getTime(),
    random: createChance(1).next,
    answers,
    answerFetch: fetch,
    secrets,
  });
  const receiveMessage = (
    body: string,
    { times = 1, fault, replay }: ReceiveOptions = {},
  ): Promise<Received<Table>> =>
    receive<Table>(
      world,
      Array.from({ length: times }, () => world.send(body, replay)),
      fault,
    );
  return {
    receive: (event, options) => {
      const defaults = { id: world.newName('event'), now: world.scheduler.now };
      return receiveMessage(messageBody(definition.listensTo, event, defaults), options);
    },
    receiveMessage,
    redeliver: async ({ fault } = {}) => {
      const [next] = world.messages
        .filter(({ deleted }) => !deleted)
        .toSorted((a, b) => a.visibleAt - b.visibleAt);
      if (!next) throw new Error(`no message waits in the queue of ${definition.name}`);
      await world.scheduler.pass(Math.max(0, next.visibleAt - world.scheduler.now));
      return receive<Table>(world, [next], fault);
    },
    table: (role) => createTestTable(world.dynamodb, role),
    clock: {
      now: () => new Date(world.scheduler.now),
      advance: (seconds) => intercepted(() => world.scheduler.pass(seconds * 1000)),
    },
    deadLetters: world.deadLetters,
  };
}

async function receive<Table extends string>(
  world: World,
  messages: readonly Message[],
  fault: Fault | undefined,
): Promise<Received<Table>> {
  const { changes, published, cancelled, calls, logs, definition } = world;
  const from = {
    changes: changes.length,
    published: published.length,
    cancelled: cancelled.length,
    calls: calls.length,
    logs: logs.length,
  };
  const delivered = await intercepted(async () => {
    const all = [];
    for (const [index, message] of messages.entries()) {
      const disturb = disturbBy(index === 0 ? fault : undefined, definition.timeoutSeconds * 1000);
      all.push(await deliver(world, message, { disturb, onCall: () => undefined }));
    }
    return all;
  });
  const last = delivered.at(-1);
  const waiting = messages.findLast(({ deleted }) => !deleted);
  if (!last) throw new RangeError('times must be 1 or more: an event that never comes has no outcome');
  return {
    outcome: last.outcome,
    outcomes: delivered.map(({ outcome }) => outcome),
    error: last.error,
    // The tables of a world are those of the definition.
    effects: changes.slice(from.changes).map((change) => effectOf(change) as Effect<Table>),
    emitted: published.slice(from.published),
    cancelled: cancelled.slice(from.cancelled),
    calls: calls.slice(from.calls).map(({ service, operation, input }) => ({ service, operation, input })),
    logs: logs.slice(from.logs),
    retryInSeconds: waiting && (waiting.visibleAt - world.scheduler.now) / 1000,
  };
}

function effectOf({ table, before, after, via }: OwnChange): Effect {
  return {
    table,
    kind: !before ? 'created' : after ? 'changed' : 'deleted',
    item: toNative(after ?? before ?? {}),
    ...(before && after && { before: toNative(before) }),
    via,
  };
}
