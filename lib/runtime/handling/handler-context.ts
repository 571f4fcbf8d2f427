import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import type { DataOf, EventContract } from '../../contracts/define-event.ts';
import type { Replay } from '../../contracts/delivery/replay.ts';
import type { EventLogger } from '../telemetry/event-logger.ts';
import type { TableNames } from '../writes/table-name.ts';
import type { EmitOptions, EmittedEvent } from './emit-options.ts';

/**
 * What a handler gets beside the event. Of a consumer's own: `HandlerContext<typeof inventory>` knows the names of its tables and secrets.
 */
export interface HandlerContext<
  Definition extends Pick<ConsumerDefinition, 'tables' | 'secrets'> = ConsumerDefinition,
> {
  /** Fires shortly before the invocation has to end. Pass it to every call that can wait. */
  readonly signal: AbortSignal;
  /** Number of the attempt, from 1. */
  readonly attempt: number;
  /**
   * The replay that has sent the event from the archive; undefined when the event was published just now. A handler can leave out what is
   * wanted only once and in time, such as a mail. When an event was delivered both ways in one batch, it is undefined.
   */
  readonly replay: Replay | undefined;
  /** Names of the consumer's own tables, by role. */
  readonly tables: TableNames<Definition['tables']>;
  /**
   * A secret that the definition names under `secrets`. It is fetched on the first call, and kept until the process ends.
   *
   * @throws Error naming the secret when it cannot be read; the event is tried again, as for any throw
   */
  secret(name: keyof Definition['secrets'] & string): Promise<string>;
  /** A logger that writes the event, its correlation id and its causation id into every line. */
  readonly logger: EventLogger;
  /**
   * Emits an event that this event causes. It is published after the next commit or, without a commit, after the handler has returned.
   * It is published at least once, always with the same id. A replay with mode `again` emits it under an id of its own.
   *
   * With `at` or `in` it is delivered later; `ctx.cancel` prevents that. See docs/later.md.
   *
   * @returns what identifies the event, such as the id by which it can be cancelled
   * @throws TypeError when the data breaks the contract, or the consumer's definition does not name it under `emits`, or comes later and the
   *   definition lacks `emitsLater`
   */
  emit<Contract extends EventContract>(
    contract: Contract,
    data: DataOf<Contract>,
    options?: EmitOptions,
  ): EmittedEvent;
  /**
   * Cancels events that this consumer has emitted for later: all with this key that it has emitted until now, or the one with this id. It
   * takes effect with the next commit or, without a commit, after the handler has returned, as an emitted event does. An event that is
   * being delivered meanwhile still arrives. See docs/later.md.
   *
   * @throws TypeError when the consumer's definition lacks `emitsLater`
   */
  cancel(key: string): void;
  /**
   * Makes the handler's effect happen exactly once. One DynamoDB transaction has these writes, marks the event as done, and stores the
   * events that were emitted before. An event can have one successful commit. Await it; if you do not, the runtime waits for it after
   * the handler has returned. After a rejection, commit something else, or an empty list if there is nothing to write: if the last
   * commit of an event was rejected, the event has failed.
   *
   * @param writes 0 to 99 writes on different items, made by `putItem` and the like, or as the AWS SDK has them
   * @throws CommitRejectedError when a condition of the writes does not hold; the handler may commit something else then
   * @throws Error when a commit is running or has already succeeded
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
   */
  commit(writes: readonly TransactWriteItem[]): Promise<void>;
}
