import { refuseTwoOfOneType } from '#check-definition';
import type { DataOf, EventContract } from './define-event.ts';
import { type RateLimit, rateLimitDefaults } from './rate-limit.ts';
import type { DataFilter, Where } from './where.ts';

/** Consumer names become stack names, metric dimensions and parts of event sources. */
const NAME_PATTERN = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** Roles become names of environment variables and, with a capital, construct ids. */
const ROLE_PATTERN = /^[a-z][A-Za-z0-9]*$/;

/** How a failed event is tried again. */
export interface RetryPolicy {
  /**
   * How often a handler begins with an event before it goes to the dead-letter queue, 1 to 500. Only that counts: not
   * that Lambda was throttled, that a table could not be reached, or that the event waited for another. @default 5
   */
  readonly maxAttempts: number;
  /** Upper bound of the first delay in seconds; it doubles with every attempt. @default 2 */
  readonly firstDelaySeconds: number;
  /** Upper bound of every delay in seconds, at most 43,200 (12 hours). @default 900 */
  readonly maxDelaySeconds: number;
}

/** A DynamoDB table that belongs to one consumer: pay per request, string keys. */
export interface TableDefinition {
  readonly partitionKey: string;
  /** @default - no sort key */
  readonly sortKey?: string;
}

/** What a consumer listens to and how: everything that the stack, the runtime and the documents need to know. */
export interface ConsumerDefinition<
  Contract extends EventContract = EventContract,
  Table extends string = string,
> {
  readonly name: string;
  /** What it does, in one sentence. */
  readonly description: string;
  /** The events it takes; they become the subscription's filter policy. */
  readonly listensTo: readonly Contract[];
  /**
   * What it asks of the data of its events, by their type: SNS delivers nothing else. It costs by the gigabyte that SNS
   * reads of their bodies. See docs/contracts.md.
   *
   * @default - it takes its events whatever their data is
   */
  readonly where: Readonly<Partial<Record<string, DataFilter>>>;
  /** The events it may emit; a consumer that emits none may not publish to the topic. */
  readonly emits: readonly EventContract[];
  /**
   * `claim`: every event is claimed before the handler runs, so that any effect is safe from duplicates.
   * `commit`: all effects go through `ctx.commit`, whose transaction is the claim; one request per event.
   */
  readonly effects: 'claim' | 'commit';
  /** Tables of its own, by role; the handler finds their names in `ctx.tables`. */
  readonly tables: Readonly<Record<Table, TableDefinition>>;
  /** Function time-out in seconds, 1 to 900. */
  readonly timeoutSeconds: number;
  /** Function memory in MiB, 128 to 10,240. */
  readonly memoryMegabytes: number;
  /** Messages per invocation, 1 to 10,000 (10 for FIFO). */
  readonly batchSize: number;
  /** How long to gather a batch in seconds, 0 to 300; at least 1 when batchSize is above 10. */
  readonly batchingWindowSeconds: number;
  /** Concurrent invocations at most, 2 to 1,000. */
  readonly maxConcurrency: number;
  /**
   * How fast events may be handled, all instances taken together: in no second do more handlers begin. Every attempt
   * counts; a duplicate of what is done does not (with `effects: 'commit'` it does: nobody knows it for one before).
   * Events wait for their turn inside the function, which is billed time and costs no attempt. With it, the
   * default of maxConcurrency is 2 and that of batchSize what timeoutSeconds leaves time for, 10 at most.
   * See docs/slow-neighbours.md. @default - no limit
   */
  readonly rateLimit?: RateLimit | undefined;
  readonly retry: RetryPolicy;
  /** How long an event is remembered, in days. */
  readonly idempotencyDays: number;
}

type Optional = 'emits' | 'effects' | 'tables' | 'timeoutSeconds' | 'memoryMegabytes' | 'batchSize';
type Tuning = 'batchingWindowSeconds' | 'maxConcurrency' | 'idempotencyDays';

/** What `defineConsumer` takes: everything but name, description and events has a default. */
export type ConsumerProps<Contract extends EventContract, Table extends string> = Omit<
  ConsumerDefinition<Contract, Table>,
  Optional | Tuning | 'retry' | 'where'
> &
  Partial<Pick<ConsumerDefinition<Contract, Table>, Optional | Tuning>> & {
    readonly retry?: Partial<RetryPolicy>;
    readonly where?: {
      readonly [Type in Contract['type']]?: Where<DataOf<Extract<Contract, { readonly type: Type }>>>;
    };
  };

const DEFAULTS = {
  emits: [],
  effects: 'claim',
  timeoutSeconds: 30,
  memoryMegabytes: 256,
  batchSize: 10,
  batchingWindowSeconds: 0,
  maxConcurrency: 10,
  idempotencyDays: 28,
} as const;

const DEFAULT_RETRY: RetryPolicy = { maxAttempts: 5, firstDelaySeconds: 2, maxDelaySeconds: 900 };

/**
 * Defines a consumer. Lives in `lambdas/<name>/consumer.ts` and is read at synth and at run time, so that both
 * agree.
 *
 * @example
 * export const analytics = defineConsumer({
 *   name: 'analytics',
 *   description: 'Counts orders per day and SKU.',
 *   listensTo: [OrderPlaced],
 *   effects: 'commit',
 *   tables: { counts: { partitionKey: 'day', sortKey: 'sku' } },
 * });
 * @throws TypeError when the name is not kebab-case, a table's role is no identifier, its rate limit is
 *   out of range, it listens to nothing, or to two contracts of one type
 */
export function defineConsumer<Contract extends EventContract, Table extends string = never>(
  props: ConsumerProps<Contract, Table>,
): ConsumerDefinition<Contract, Table> {
  if (!NAME_PATTERN.test(props.name)) {
    throw new TypeError(`consumer name '${props.name}' must be kebab-case, for example 'gift-cards'`);
  }
  if (props.listensTo.length === 0) {
    throw new TypeError(`consumer '${props.name}' listens to nothing; name at least one event in listensTo`);
  }
  refuseTwoOfOneType(props.name, props.listensTo);
  // With no tables given, Table is never and the empty record is the only one there is.
  const tables = props.tables ?? ({} as Readonly<Record<Table, TableDefinition>>);
  const role = Object.keys(tables).find((name) => !ROLE_PATTERN.test(name));
  if (role !== undefined) {
    throw new TypeError(
      `consumer '${props.name}' has a table with the role '${role}'; name it with letters and digits, for example 'giftCards'`,
    );
  }
  const defaults = {
    ...DEFAULTS,
    ...(props.rateLimit &&
      rateLimitDefaults(props.rateLimit, { ...DEFAULTS, maxConcurrency: undefined, ...props })),
  };
  return {
    ...defaults,
    ...props,
    where: props.where ?? {},
    tables,
    retry: { ...DEFAULT_RETRY, ...props.retry },
  };
}
