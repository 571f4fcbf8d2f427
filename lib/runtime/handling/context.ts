import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { DataOf, EventContract } from '../../contracts/define-event.ts';
import type { Replay } from '../../contracts/delivery/replay.ts';
import { consumerSource } from '../../contracts/envelope/consumer-source.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import { CommitRejectedError, HandlerEndedError, LeaseLostError } from '../errors.ts';
import { commit } from '../idempotency/commit.ts';
import type { EventLogger } from '../telemetry/event-logger.ts';
import { checkWrites } from './check-writes.ts';
import type { ContextProps } from './context-props.ts';
import type { EmitOptions, EmittedEvent } from './emit-options.ts';
import { emittedEvent } from './emitted-event.ts';
import { EmittedEvents } from './emitted-events.ts';
import { executionName } from './execution-name.ts';
import type { HandlerContext } from './handler-context.ts';
import { checkKey, isLater } from './later-options.ts';

/** The context of one event, with the state that the runtime reads after the handler. */
export class EventContext implements HandlerContext {
  readonly signal: AbortSignal;
  readonly attempt: number;
  readonly replay: Replay | undefined;
  readonly tables: Readonly<Record<string, string>>;
  readonly #props: ContextProps;
  #state: 'open' | 'committing' | 'committed' | 'closed' = 'open';
  /** The commit that is running. */
  #pending: Promise<void> | undefined;
  /** The error of the last commit, if its conditions did not hold and no later commit has succeeded. */
  #rejection: CommitRejectedError | undefined;
  /** The error that ended the event's handling. It counts even if the handler catches it. */
  #interruption: Error | undefined;
  #emitted = new EmittedEvents();
  #logger: EventLogger | undefined;
  readonly #startedAt: number;

  constructor(props: ContextProps) {
    this.#props = props;
    this.signal = props.deadline.signal;
    this.attempt = props.item.attempt;
    this.replay = props.item.replay;
    // A copy, because all events of the process share the names and a handler could change them.
    this.tables = { ...props.tables };
    this.#startedAt = props.ports.clock.now();
    // A handler may take them out of its context: `async ({ data }, { commit }) => ...`.
    this.emit = this.emit.bind(this);
    this.cancel = this.cancel.bind(this);
    this.commit = this.commit.bind(this);
    this.secret = this.secret.bind(this);
  }

  /** What the runtime's own handlers need beside the context of a user's handler. */
  get props(): ContextProps {
    return this.#props;
  }

  get logger(): EventLogger {
    this.#logger ??= this.#props.createLogger();
    return this.#logger;
  }

  get executionName(): string {
    const { definition, leaseContext, item } = this.#props;
    return executionName(definition.name, leaseContext.table, item.facts.id);
  }

  get committed(): boolean {
    return this.#state === 'committed';
  }

  secret(name: string): Promise<string> {
    return this.#props.ports.getSecret(name);
  }

  /** Whether the time of handlers is over: no handler may begin any more, and none may commit. */
  get isOver(): boolean {
    const { ports, deadline } = this.#props;
    return ports.clock.now() >= deadline.handlersEndAt;
  }

  /** The commit that is running, if one is. */
  get pending(): Promise<void> | undefined {
    return this.#pending;
  }

  /** Why the event's handling has ended, whatever its handler has thrown or returned. */
  get interruption(): Error | undefined {
    return this.#interruption;
  }

  /** Why the event is not done although its handler has returned. If the handler has thrown, its own error counts. */
  get rejection(): Error | undefined {
    return this.#rejection;
  }

  /** The emitted events, as JSON. A rejected commit drops those that were emitted before it. */
  get outbox(): readonly string[] {
    return this.#emitted.texts;
  }

  /** Digests of the emitted events by position, to compare them with those of another attempt. */
  get digests(): readonly string[] {
    return this.#emitted.digests;
  }

  /** Ends the handler's time: later calls of `emit` and `commit` are refused. */
  close(): void {
    if (this.#state !== 'committed') this.#state = 'closed';
  }

  emit<Contract extends EventContract>(
    contract: Contract,
    data: DataOf<Contract>,
    options: EmitOptions = {},
  ): EmittedEvent {
    const { definition, item, ports } = this.#props;
    this.#refuseUnlessOpen('emit');
    if (!definition.emits.includes(contract)) {
      throw new TypeError(
        `${definition.name} emits ${contract.versionedType}, which its definition does not name under emits`,
      );
    }
    if (isLater(options)) this.#refuseUnlessLater('emits an event with at or in');
    const { key } = options;
    const event = emittedEvent({
      contract,
      data,
      options,
      consumer: ports.emitterName ?? definition.name,
      parent: item.event,
      replay: item.replay,
      position: this.#emitted.position,
      fifo: ports.publisher?.fifo,
      now: this.#emitted.timeOf(key, ports.clock.now()),
    });
    this.#emitted.add(event, key);
    const { id, source, type } = event;
    return { id, source, type };
  }

  cancel(key: string): void {
    const { definition, ports } = this.#props;
    this.#refuseUnlessOpen('cancel');
    this.#refuseUnlessLater('cancels an event');
    checkKey(definition.name, key);
    const owner = consumerSource(ports.emitterName ?? definition.name);
    this.#emitted.cancel(owner, key, ports.clock.now());
  }

  #refuseUnlessLater(what: string): void {
    const { name, emitsLater } = this.#props.definition;
    if (emitsLater) return;
    throw new TypeError(
      `${name} ${what}, and its definition does not allow it; write emitsLater: true into its defineConsumer`,
    );
  }

  commit(writes: readonly TransactWriteItem[]): Promise<void> {
    // Thrown synchronously, so that a handler notices it even if it does not await the promise.
    this.#refuseUnlessOpen('commit');
    checkWrites(writes);
    if (this.isOver) {
      // Stored too, in case the handler catches the error: nothing was written, so the event is not done.
      this.#interruption = new LeaseLostError();
      throw this.#interruption;
    }
    const pending = this.#commit(writes);
    // Prevents an unhandled rejection when the handler does not await it. The runtime waits for it and reads its outcome.
    pending.catch(() => undefined);
    return pending;
  }

  async #commit(writes: readonly TransactWriteItem[]): Promise<void> {
    const { deadline, item, ports, leaseContext } = this.#props;
    this.#state = 'committing';
    this.#pending = commit(ports, leaseContext, {
      facts: item.facts,
      startedAt: this.#startedAt,
      writes,
      outbox: this.#emitted.texts,
      claimed: item.claimed,
      until: deadline.handlersEndAt,
    });
    try {
      await this.#pending;
      this.#state = 'committed';
      this.#rejection = undefined;
    } catch (error) {
      this.#afterRefusal(error);
      throw error;
    } finally {
      this.#pending = undefined;
    }
  }

  #afterRefusal(error: unknown): void {
    if (error instanceof CommitRejectedError) {
      this.#rejection = error;
      this.#emitted = new EmittedEvents();
      if (this.#state === 'committing') this.#state = 'open';
    } else {
      this.#interruption = toError(error);
    }
  }

  #refuseUnlessOpen(what: string): void {
    if (this.#interruption) throw this.#interruption;
    if (this.#state === 'closed') throw new HandlerEndedError(what);
    if (this.#state === 'committing') {
      throw new Error(
        `${what} while a commit is running: await ctx.commit(...) first; an event has one commit`,
      );
    }
    if (this.#state === 'committed') {
      throw new Error(
        `${what} after the commit: an event has one commit, and emits what belongs to it before`,
      );
    }
  }
}
