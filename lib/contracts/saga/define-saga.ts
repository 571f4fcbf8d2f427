import type * as z from 'zod';
import { refuseWrongSaga } from '#check-definition';
import { type ConsumerProps, DEFAULT_RETRY, defineConsumer } from '../define-consumer.ts';
import type { EventContract } from '../define-event.ts';
import { waitingPauseSeconds } from '../delivery/retry-window.ts';
import type {
  Correlate,
  SagaDefinition,
  SagaParts,
  SagaTables,
  TimeoutOf,
  TimeoutsByStep,
} from './saga-definition.ts';

/** What a saga says of itself; the rest of a consumer's properties it sets itself. */
type OfConsumer = Omit<
  ConsumerProps<EventContract, SagaTables>,
  'listensTo' | 'emits' | 'emitsLater' | 'effects' | 'tables' | 'secrets' | 'erased' | 'where'
>;

/** The properties of `defineSaga`. */
export interface SagaProps<
  Start extends EventContract,
  Move extends EventContract,
  Timeouts extends TimeoutsByStep<Step>,
  Step extends string,
  End extends string,
  State,
  Emit extends EventContract,
> extends OfConsumer {
  /** The events that begin a saga, one or more. */
  readonly startedBy: readonly Start[];
  /** The other events that move a saga from step to step. @default [] */
  readonly movedBy?: readonly Move[];
  /**
   * Events that the saga sends to itself for later, by the steps in which they count. A time-out that was set ends when the saga goes to a
   * step that does not name it. Make these events `internal`, so that nobody else can send them. @default - none
   */
  readonly timeouts?: Timeouts;
  /** The events that transitions may emit, without the time-outs. @default [] */
  readonly emits?: readonly Emit[];
  /** The steps on the way, in camelCase, such as `['reserving', 'paying']`. */
  readonly steps: readonly Step[];
  /** The steps in which a saga ends, such as `['shipped', 'cancelled']`. */
  readonly ends: readonly End[];
  /** The zod schema of the saga's data. It is stored as JSON, so it has JSON values only: no `z.date()`. Give a new field a default: running sagas do not have it. */
  readonly state: z.ZodType<State>;
  /**
   * How an event names its saga: the name of a member that all its events have, such as `'orderId'`, or a function for each event type. The
   * text is the key of the saga, 1 to 1,024 bytes of whole characters. It is not async.
   */
  readonly correlate: Correlate<NoInfer<Start> | NoInfer<Move> | TimeoutOf<NoInfer<Timeouts>>>;
  /** How long a saga is kept after its end, in days, for events that come late. @default 90 */
  readonly keepDays?: number;
  /**
   * How long an event waits that came too early (`'wait'`), in seconds. After that, it goes to the dead-letter queue. At most 32 times the
   * longest pause between two deliveries, which is `retry.maxDelaySeconds`, 900 at most. @default 21,600 (6 hours), or that maximum if it is less
   */
  readonly longestWaitSeconds?: number;
}

const DEFAULT_KEEP_DAYS = 90;
const DEFAULT_LONGEST_WAIT_SECONDS = 21_600;
/**
 * SQS hands a message out about a hundred times without an attempt. Pauses have full jitter, so about 64 of them are in this many times the
 * longest one, and those of the beginning are shorter.
 */
const LONGEST_WAIT_PAUSES = 32;

/**
 * Defines a saga: a consumer that leads something through several steps, such as an order until it is shipped or cancelled. `runSaga` runs
 * it. See docs/sagas.md.
 *
 * It is a consumer with `effects: 'commit'` and the table `sagas`. Replays that repeat effects are refused by default: a saga that has
 * ended would get its events again.
 *
 * @example
 * export const orders = defineSaga({
 *   name: 'orders',
 *   description: 'Leads an order until it is shipped or cancelled.',
 *   startedBy: [OrderPlaced],
 *   movedBy: [PaymentAccepted, PaymentDeclined],
 *   timeouts: { paying: [PaymentTimedOut] },
 *   emits: [PaymentRequested, ShipmentRequested, OrderCancelled],
 *   steps: ['paying'],
 *   ends: ['shipped', 'cancelled'],
 *   state: z.object({ totalMinor: z.int() }),
 *   correlate: 'orderId',
 * });
 * @throws TypeError when steps or ends are missing, not unique or not camelCase, a time-out names no step or is also an event of others,
 *   an event type has no `correlate`, `state` has values that JSON does not keep, or a number is out of range; and for whatever `defineConsumer` refuses
 */
export function defineSaga<
  Start extends EventContract,
  const Step extends string,
  const End extends string,
  State,
  Move extends EventContract = never,
  const Timeouts extends TimeoutsByStep<NoInfer<Step>> = Record<never, never>,
  Emit extends EventContract = never,
>(
  props: SagaProps<Start, Move, Timeouts, Step, End, State, Emit>,
): SagaDefinition<
  SagaParts<Start, Move, Timeouts, Step, End, State, Emit>,
  Start | Move | TimeoutOf<Timeouts>
> {
  const {
    startedBy,
    movedBy = [],
    // With none given, Timeouts is the empty record.
    timeouts = {} as Timeouts,
    emits = [],
    steps,
    ends,
    state,
    correlate,
    keepDays = DEFAULT_KEEP_DAYS,
    longestWaitSeconds,
    ...consumer
  } = props;
  const longestWait = LONGEST_WAIT_PAUSES * waitingPauseSeconds({ ...DEFAULT_RETRY, ...props.retry });
  const saga = {
    startedBy,
    movedBy,
    timeouts,
    emits,
    steps,
    ends,
    state,
    // Its functions get the data of their own event type: the runtime calls them with no other.
    correlate: correlate as string | Readonly<Record<string, (data: never) => string>>,
    keepDays,
    longestWaitSeconds: longestWaitSeconds ?? Math.min(DEFAULT_LONGEST_WAIT_SECONDS, longestWait),
  };
  refuseWrongSaga(props.name, saga, longestWait);
  const own = contractsOf(timeouts);
  const definition = defineConsumer<Start | Move | TimeoutOf<Timeouts>, SagaTables>({
    replay: 'refuse',
    ...consumer,
    listensTo: [...new Set([...startedBy, ...movedBy, ...own])],
    emits: [...new Set([...emits, ...own])],
    emitsLater: own.length > 0,
    effects: 'commit',
    tables: { sagas: { partitionKey: 'id', timeToLiveAttribute: 'expiresAt' } },
  });
  return { ...definition, saga };
}

/** The contracts of all steps, each once. */
function contractsOf<Timeouts extends TimeoutsByStep>(timeouts: Timeouts): readonly TimeoutOf<Timeouts>[] {
  // The values of the record are lists of its own contracts.
  const lists = Object.values(timeouts) as (readonly TimeoutOf<Timeouts>[])[];
  return [...new Set(lists.flat())];
}
