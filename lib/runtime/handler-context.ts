import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { DataOf, EventContract } from '../contracts/define-event.ts';
import type { EmitOptions } from './emitted-event.ts';
import type { EventLogger } from './telemetry/event-logger.ts';

/** What a handler gets beside the event. */
export interface HandlerContext<Table extends string = string> {
  /** Fires shortly before the invocation has to end. Pass it to whatever can wait. */
  readonly signal: AbortSignal;
  /** How often a handler has begun with this event, this time included: 1 at first. */
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
   * emitted before are one transaction. At most once per event. Await it; one that is still running when the handler
   * returns is waited for. After a rejection commit something else, an empty list if there is nothing to write: an event
   * whose last commit was rejected has failed.
   *
   * @param writes up to 99 writes on different items; none is fine
   * @throws CommitRejected when a condition of the writes does not hold; something else may be committed then
   * @throws Error when a commit is running or has succeeded already
   */
  commit(writes: readonly TransactWriteItem[]): Promise<void>;
}
