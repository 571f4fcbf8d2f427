import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { ConsumerDefinition } from '../contracts/define-consumer.ts';
import type { DataOf, EventContract } from '../contracts/define-event.ts';
import { serializeEnvelope } from '../contracts/envelope.ts';
import type { Deadline } from './deadline.ts';
import { digestOf } from './emitted-digest.ts';
import { type EmitOptions, emittedEvent } from './emitted-event.ts';
import { toError } from './error-reason.ts';
import { CommitRejected, HandlerEnded, LeaseLost } from './failures.ts';
import type { HandlerContext } from './handler-context.ts';
import { commit, MAX_COMMIT_WRITES } from './idempotency/commit.ts';
import type { Tenancy } from './idempotency/tenancy.ts';
import type { Job } from './job.ts';
import type { Ports } from './ports.ts';
import type { EventLogger } from './telemetry/event-logger.ts';

/** What a context is made of. */
export interface ContextProps {
  readonly definition: ConsumerDefinition;
  readonly ports: Ports;
  readonly tenancy: Tenancy;
  readonly job: Job;
  readonly tables: Readonly<Record<string, string>>;
  readonly deadline: Pick<Deadline, 'signal' | 'handlersEndAt'>;
  /** Called once, and only if the handler logs: most never do. */
  readonly createLogger: () => EventLogger;
}

/**
 * What a record can hold of emitted events, in bytes: an item of DynamoDB has 400 KB, and the rest of the record needs some.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const MAX_OUTBOX_BYTES = 390_000;

/** The context of one event, with what the runtime has to know of it afterwards. */
export class EventContext implements HandlerContext {
  readonly signal: AbortSignal;
  readonly attempt: number;
  readonly tables: Readonly<Record<string, string>>;
  readonly #props: ContextProps;
  #state: 'open' | 'committing' | 'committed' | 'closed' = 'open';
  /** The commit that is running. */
  #pending: Promise<void> | undefined;
  /** The last commit, if its conditions did not hold and none has succeeded since. */
  #rejection: CommitRejected | undefined;
  /** What ended the event underneath the handler, whatever the handler makes of it. */
  #interruption: Error | undefined;
  #emitted: string[] = [];
  #outboxBytes = 0;
  #digests: string[] = [];
  #logger: EventLogger | undefined;
  readonly #startedAt: number;

  constructor(props: ContextProps) {
    this.#props = props;
    this.signal = props.deadline.signal;
    this.attempt = props.job.attempt;
    // A copy: the names are shared by all events of the process, and what a handler does to them is its own affair.
    this.tables = { ...props.tables };
    this.#startedAt = props.ports.clock.now();
  }

  get logger(): EventLogger {
    this.#logger ??= this.#props.createLogger();
    return this.#logger;
  }

  get committed(): boolean {
    return this.#state === 'committed';
  }

  /** The commit that is running, if one is. */
  get pending(): Promise<void> | undefined {
    return this.#pending;
  }

  /** Why the event is not done although its handler has returned. */
  get interruption(): Error | undefined {
    return this.#interruption ?? this.#rejection;
  }

  /** Events emitted and not forgotten, as JSON. */
  get outbox(): readonly string[] {
    return this.#emitted;
  }

  /** What tells the emitted events apart from those of another attempt, by position. */
  get digests(): readonly string[] {
    return this.#digests;
  }

  /** From now on the handler can change nothing: its time is over. */
  close(): void {
    if (this.#state !== 'committed') this.#state = 'closed';
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
    const text = serializeEnvelope(event);
    this.#refuseTooMuch(Buffer.byteLength(text));
    this.#emitted.push(text);
    this.#digests.push(digestOf(event));
  }

  commit(writes: readonly TransactWriteItem[]): Promise<void> {
    // Refused at the call and not by the promise, so that it is noticed also by those who do not await it.
    this.#refuseUnlessOpen('commit');
    if (writes.length > MAX_COMMIT_WRITES) {
      throw new TypeError(
        `a commit takes ${MAX_COMMIT_WRITES} writes at most, got ${writes.length}; split the event`,
      );
    }
    if (this.#props.ports.clock.now() >= this.#props.deadline.handlersEndAt) {
      // Also for a handler that swallows it: what it wanted to write is not written, so the event is not done.
      this.#interruption = new LeaseLost();
      throw this.#interruption;
    }
    const pending = this.#commit(writes);
    // Whoever does not await it must not end the process by it: the runtime waits for it, and sees how it ends.
    pending.catch(() => undefined);
    return pending;
  }

  async #commit(writes: readonly TransactWriteItem[]): Promise<void> {
    const { deadline, job, ports, tenancy } = this.#props;
    this.#state = 'committing';
    this.#pending = commit(ports, tenancy, {
      facts: job.facts,
      startedAt: this.#startedAt,
      writes,
      outbox: this.#emitted,
      claimed: job.claimed,
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
    if (error instanceof CommitRejected) {
      this.#rejection = error;
      this.#emitted = [];
      this.#outboxBytes = 0;
      this.#digests = [];
      if (this.#state === 'committing') this.#state = 'open';
    } else {
      this.#interruption = toError(error);
    }
  }

  #refuseTooMuch(bytes: number): void {
    this.#outboxBytes += bytes;
    if (this.#outboxBytes <= MAX_OUTBOX_BYTES) return;
    this.#outboxBytes -= bytes;
    throw new TypeError(
      `the events emitted for one event have ${this.#outboxBytes + bytes} bytes together; at most ${MAX_OUTBOX_BYTES} fit into its record`,
    );
  }

  #refuseUnlessOpen(what: string): void {
    if (this.#interruption) throw this.#interruption;
    if (this.#state === 'closed') throw new HandlerEnded(what);
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
