import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { ConsumerDefinition } from '../contracts/define-consumer.ts';
import type { DataOf, EventContract } from '../contracts/define-event.ts';
import { serializeEnvelope } from '../contracts/envelope.ts';
import { type EmitOptions, emittedEvent } from './emitted-event.ts';
import { CommitRejected, LeaseLost } from './failures.ts';
import { commit, MAX_COMMIT_WRITES } from './idempotency/commit.ts';
import type { Tenancy } from './idempotency/tenancy.ts';
import type { Job } from './job.ts';
import type { Ports } from './ports.ts';
import type { EventLogger } from './telemetry/event-logger.ts';

/** What a handler gets beside the event. */
export interface HandlerContext<Table extends string = string> {
  /** Fires shortly before the invocation has to end. Pass it to whatever can wait. */
  readonly signal: AbortSignal;
  /** How often this message has been received, this time included: 1 at first. */
  readonly attempt: number;
  /** Names of the consumer's own tables, by role. */
  readonly tables: Readonly<Record<Table, string>>;
  /** Names the event, its correlation and its causation id in every line. */
  readonly logger: EventLogger;
  /**
   * Emits an event in answer to this one. It is published after the commit that follows; without one, after the
   * handler has returned, and then at least once, always under the same id.
   *
   * @throws TypeError when the data breaks the contract, or the consumer's definition does not name it under `emits`
   */
  emit<Contract extends EventContract>(
    contract: Contract,
    data: DataOf<Contract>,
    options?: EmitOptions,
  ): void;
  /**
   * Makes the handler's effect happen exactly once: these writes, the note that the event is done, and the events
   * emitted before are one transaction. At most once per event.
   *
   * @param writes up to 99 writes on different items; none is fine
   * @throws CommitRejected when a condition of the writes does not hold; something else may be committed then
   */
  commit(writes: readonly TransactWriteItem[]): Promise<void>;
}

/** What a context is made of. */
export interface ContextProps {
  readonly definition: ConsumerDefinition;
  readonly ports: Ports;
  readonly tenancy: Tenancy;
  readonly job: Job;
  readonly tables: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Called once, and only if the handler logs: most never do. */
  readonly createLogger: () => EventLogger;
}

/** The context of one event, with what the runtime has to know of it afterwards. */
export class EventContext implements HandlerContext {
  readonly signal: AbortSignal;
  readonly attempt: number;
  readonly tables: Readonly<Record<string, string>>;
  readonly #props: ContextProps;
  #state: 'open' | 'committed' | 'closed' = 'open';
  /** What ended the event underneath the handler, whatever the handler makes of it. */
  #interruption: Error | undefined;
  #emitted: string[] = [];
  #logger: EventLogger | undefined;
  readonly #startedAt: number;

  constructor(props: ContextProps) {
    this.#props = props;
    this.signal = props.signal;
    this.attempt = props.job.attempt;
    this.tables = props.tables;
    this.#startedAt = props.ports.clock.now();
  }

  get logger(): EventLogger {
    this.#logger ??= this.#props.createLogger();
    return this.#logger;
  }

  get committed(): boolean {
    return this.#state === 'committed';
  }

  get interruption(): Error | undefined {
    return this.#interruption;
  }

  /** Events emitted and not forgotten, as JSON. */
  get outbox(): readonly string[] {
    return this.#emitted;
  }

  /** From now on the handler can change nothing: its time is over. */
  close(): void {
    if (this.#state === 'open') this.#state = 'closed';
  }

  emit<Contract extends EventContract>(
    contract: Contract,
    data: DataOf<Contract>,
    options: EmitOptions = {},
  ): void {
    const { definition, job, ports } = this.#props;
    this.#refuseUnlessOpen('emit');
    if (!definition.emits.includes(contract)) {
      throw new TypeError(
        `${definition.name} emits ${contract.versionedType}, which its definition does not name under emits`,
      );
    }
    const event = emittedEvent({
      contract,
      data,
      options,
      consumer: definition.name,
      parent: job.event,
      position: this.#emitted.length,
      now: ports.clock.now(),
    });
    this.#emitted.push(serializeEnvelope(event));
  }

  async commit(writes: readonly TransactWriteItem[]): Promise<void> {
    const { definition, job, ports, tenancy } = this.#props;
    this.#refuseUnlessOpen('commit');
    if (writes.length > MAX_COMMIT_WRITES) {
      throw new TypeError(
        `a commit takes ${MAX_COMMIT_WRITES} writes at most, got ${writes.length}; split the event`,
      );
    }
    const outbox = this.#emitted;
    try {
      await commit(ports, tenancy, {
        facts: job.facts,
        startedAt: this.#startedAt,
        writes,
        outbox,
        attempt: job.attempt,
        claimed: definition.effects === 'claim',
      });
      this.#state = 'committed';
    } catch (error) {
      if (error instanceof CommitRejected) this.#emitted = [];
      else this.#interruption = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  }

  #refuseUnlessOpen(what: string): void {
    if (this.#interruption) throw this.#interruption;
    if (this.#state === 'closed') throw new LeaseLost();
    if (this.#state === 'committed') {
      throw new Error(
        `${what} after the commit: an event has one commit, and emits what belongs to it before`,
      );
    }
  }
}
