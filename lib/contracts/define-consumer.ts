import { refuseWrongDefinition } from '#check-definition';
import type { DataOf, EventContract } from './define-event.ts';
import { type RateLimit, rateLimitDefaults } from './delivery/rate-limit.ts';
import { concurrencyOf, type FunctionSettings, type SecretSources } from './function-settings.ts';
import type { DataFilter, Where } from './where.ts';

/** How a failed event is retried. */
export interface RetryPolicy {
  /**
   * Maximum number of attempts, 1 to 500. After that, the event goes to the dead-letter queue. An attempt counts when its handler begins.
   * It does not count when Lambda is throttled, a table cannot be reached, or the event waits for another one. @default 5
   */
  readonly maxAttempts: number;
  /** Upper bound of the first delay in seconds; it doubles with every attempt. @default 2 */
  readonly firstDelaySeconds: number;
  /** Upper bound of every delay in seconds, at most 43,200 (12 hours). @default 900 */
  readonly maxDelaySeconds: number;
}

/** A DynamoDB table that belongs to one consumer, with on-demand capacity and string keys. */
export interface TableDefinition {
  /** Name of the partition key attribute. */
  readonly partitionKey: string;
  /** Name of the sort key attribute. @default - no sort key */
  readonly sortKey?: string;
}

/** What a consumer does with events whose data was erased. */
export type OnErased = 'acknowledge' | 'handle';

/** Tables by role. */
export type TableDefinitions = Readonly<Record<string, TableDefinition>>;

/** A consumer: which events it handles and how. The stack, the runtime and the documents use it. */
export interface ConsumerDefinition<
  Contract extends EventContract = EventContract,
  Tables extends TableDefinitions = TableDefinitions,
  Secrets extends SecretSources = SecretSources,
> extends FunctionSettings<Secrets> {
  /** Name in kebab-case, such as `gift-cards`. It is part of stack names and of the `source` of emitted events. */
  readonly name: string;
  /** What the consumer does, in one sentence. */
  readonly description: string;
  /** The events that the consumer handles, one or more. They become the filter policy of its subscription. */
  readonly listensTo: readonly Contract[];
  /**
   * Conditions on the data of events, by event type. SNS delivers only events that match. SNS charges for each gigabyte of message
   * bodies that it filters. See docs/contracts.md.
   *
   * @default - all events of its types
   * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
   */
  readonly where: Readonly<Partial<Record<string, DataFilter>>>;
  /** The events that the consumer may emit. Without any, the consumer has no permission to publish. @default [] */
  readonly emits: readonly EventContract[];
  /**
   * Whether the consumer emits events that come later (`ctx.emit` with `at` or `in`) and cancels them (`ctx.cancel`). Without it, it has no
   * permission to. See docs/later.md. @default false
   */
  readonly emitsLater: boolean;
  /**
   * `claim`: every event is claimed before its handler runs. This protects every kind of effect from duplicates.
   * `commit`: all effects go through `ctx.commit`, whose transaction is the claim. This needs only one request per event.
   *
   * @default 'claim'
   */
  readonly effects: 'claim' | 'commit';
  /** The consumer's own tables, by role. A role has letters and digits, such as `giftCards`. `ctx.tables` has the tables' names. @default - none */
  readonly tables: Tables;
  /**
   * Maximum messages per invocation, 1 to 10,000 (10 with a FIFO queue). @default 10, or fewer with `rateLimit`
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
   */
  readonly batchSize: number;
  /** How long Lambda collects messages for a batch, in seconds, 0 to 300; at least 1 when batchSize is above 10. @default 0 */
  readonly batchingWindowSeconds: number;
  /**
   * Maximum concurrent invocations, 2 to 1,000. Not allowed with `provisionedPollers`, which set it. @default 10, or 2 with `rateLimit`
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  readonly maxConcurrency: number;
  /**
   * Limits how many handlers begin per second, over all instances together. Every attempt counts. A duplicate does not count, except with
   * `effects: 'commit'`, where a duplicate is detected only by its commit. Events wait inside the function: the waiting time is billed but
   * counts no attempt. With a rate limit, the default of maxConcurrency is 2. The default of batchSize is the largest batch that can wait
   * within timeoutSeconds, 10 at most. See docs/slow-neighbours.md. @default - no limit
   */
  readonly rateLimit?: RateLimit | undefined;
  /** How a failed event is retried. @default - 5 attempts, with delays of up to 2 s at first and 900 s at most */
  readonly retry: RetryPolicy;
  /**
   * What happens to a replayed event whose data was erased from the archive. `acknowledge`: no handler is called, and the batch counts it as
   * `erased`. `handle`: handlers get it with `data: undefined` and the time of the erasure in `event.erased`, so their types say that
   * data may be missing. See docs/erase.md. @default 'acknowledge'
   */
  readonly erased: OnErased;
  /** How long the idempotency record of an event is kept, in days. A duplicate that arrives later takes effect again. @default 28 */
  readonly idempotencyDays: number;
  /**
   * Whether a replay with mode `again` may repeat the consumer's effects. With `refuse`, such a replay does not start, and an event that
   * one has sent anyhow goes to the dead-letter queue. A replay with mode `fill`, which repeats nothing, is always allowed. @default 'allow'
   */
  readonly replay: 'allow' | 'refuse';
  /**
   * Where a new consumer begins: `now` with what is published from its first deployment on; `beginning` with everything that the archive of
   * the bus has; an RFC 3339 time, such as `2026-01-31T12:00:00Z`, with what has arrived since then. Only the first deployment heeds it. See
   * docs/consumers.md. @default 'now'
   */
  readonly startFrom: 'beginning' | 'now' | (string & {});
}

type Optional = 'emits' | 'emitsLater' | 'effects' | 'tables' | 'batchSize' | keyof FunctionSettings;
type Tuning = 'batchingWindowSeconds' | 'maxConcurrency' | 'idempotencyDays' | 'replay' | 'startFrom';

/** The properties of `defineConsumer`. All have a default, except `name`, `description` and `listensTo`. */
export type ConsumerProps<
  Contract extends EventContract,
  Tables extends TableDefinitions,
  Secrets extends SecretSources = SecretSources,
  Erased extends OnErased = OnErased,
> = Omit<ConsumerDefinition<Contract, Tables, Secrets>, Optional | Tuning | 'retry' | 'where' | 'erased'> &
  Partial<Pick<ConsumerDefinition<Contract, Tables, Secrets>, Optional | Tuning>> & {
    readonly retry?: Partial<RetryPolicy>;
    readonly erased?: Erased;
    readonly where?: {
      readonly [Type in Contract['type']]?: Where<DataOf<Extract<Contract, { readonly type: Type }>>>;
    };
  };

/** What a consumer has that says nothing else. Its stack names only another number. */
export const DEFAULT_IDEMPOTENCY_DAYS = 28;

const DEFAULTS = {
  emits: [],
  emitsLater: false,
  effects: 'claim',
  environment: {},
  architecture: 'arm64',
  timeoutSeconds: 30,
  memoryMegabytes: 256,
  batchSize: 10,
  batchingWindowSeconds: 0,
  maxConcurrency: 10,
  idempotencyDays: DEFAULT_IDEMPOTENCY_DAYS,
  replay: 'allow',
  startFrom: 'now',
} as const;

const DEFAULT_RETRY: RetryPolicy = { maxAttempts: 5, firstDelaySeconds: 2, maxDelaySeconds: 900 };

/**
 * Defines a consumer. Write it in `lambdas/<name>/consumer.ts`: both the synth and the function read it from there.
 *
 * @example
 * export const analytics = defineConsumer({
 *   name: 'analytics',
 *   description: 'Counts orders per day and SKU.',
 *   listensTo: [OrderPlaced],
 *   effects: 'commit',
 *   tables: { counts: { partitionKey: 'day', sortKey: 'sku' } },
 * });
 * @throws TypeError when the name is not kebab-case, the role of a table or secret is not an identifier, the rate limit is out of range,
 *   `listensTo` is empty or has two contracts of one type, `emitsLater` is set but `emits` is empty, `replay` or `startFrom` is no allowed value, or both maxConcurrency and provisionedPollers are given
 */
export function defineConsumer<
  Contract extends EventContract,
  const Tables extends TableDefinitions = Record<never, never>,
  const Secrets extends SecretSources = Record<never, never>,
  const Erased extends OnErased = 'acknowledge',
>(
  props: ConsumerProps<Contract, Tables, Secrets, Erased>,
): ConsumerDefinition<Contract, Tables, Secrets> & { readonly erased: Erased } {
  refuseWrongDefinition(props);
  // With none given, Tables and Secrets are the empty record, and Erased is 'acknowledge'.
  const erased = props.erased ?? ('acknowledge' as Erased);
  const tables = props.tables ?? ({} as Tables);
  const secrets = props.secrets ?? ({} as Secrets);
  const { provisionedPollers } = props;
  const defaults = {
    ...DEFAULTS,
    ...(provisionedPollers && { maxConcurrency: concurrencyOf(provisionedPollers) }),
    ...(props.rateLimit &&
      rateLimitDefaults(props.rateLimit, { ...DEFAULTS, maxConcurrency: undefined, ...props })),
  };
  return {
    ...defaults,
    ...props,
    where: props.where ?? {},
    erased,
    tables,
    secrets,
    retry: { ...DEFAULT_RETRY, ...props.retry },
  };
}
