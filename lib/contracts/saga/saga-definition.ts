import type * as z from 'zod';
import type { ConsumerDefinition } from '../define-consumer.ts';
import type { DataOf, EventContract } from '../define-event.ts';

/** Events that tell a saga that time is over, by the steps in which they count. */
export type TimeoutsByStep<Step extends string = string> = {
  readonly [Name in Step]?: readonly EventContract[];
};

/** The contracts in `timeouts`, of all steps. */
export type TimeoutOf<Timeouts extends TimeoutsByStep> = Exclude<Timeouts[keyof Timeouts], undefined>[number];

/** Members that the data of all these contracts have, with a text in each. */
type CommonText<Contract extends EventContract> = TextIn<DataOf<Contract>>;
type TextIn<Data> = keyof Data extends infer Name
  ? Name extends keyof Data & string
    ? Data[Name] extends string
      ? Name
      : never
    : never
  : never;

/** How an event names its saga: a member that the data of all its events have, or a function for each event type. */
export type Correlate<Contract extends EventContract> =
  | CommonText<Contract>
  | {
      readonly [Type in Contract['type']]: (
        data: DataOf<Extract<Contract, { readonly type: Type }>>,
      ) => string;
    };

/** The table of a saga. */
export type SagaTables = {
  readonly sagas: { readonly partitionKey: 'id'; readonly timeToLiveAttribute: 'expiresAt' };
};

/** What a saga is beside a consumer. */
export interface SagaParts<
  Start extends EventContract = EventContract,
  Move extends EventContract = EventContract,
  Timeouts extends TimeoutsByStep = TimeoutsByStep,
  Step extends string = string,
  End extends string = string,
  State = unknown,
  Emit extends EventContract = EventContract,
> {
  /** The events that begin a saga. */
  readonly startedBy: readonly Start[];
  /** The other events that a saga waits for. */
  readonly movedBy: readonly Move[];
  /** Events that the saga sends to itself for later, by the steps in which they count. In another step they have no effect. */
  readonly timeouts: Timeouts;
  readonly steps: readonly Step[];
  /** The steps in which a saga ends. It never leaves them. */
  readonly ends: readonly End[];
  /** The zod schema of the saga's data. */
  readonly state: z.ZodType<State>;
  /** The events that its transitions may emit. */
  readonly emits: readonly Emit[];
  /** How an event names its saga. The functions get the data of their own event type. */
  readonly correlate: string | Readonly<Record<string, (data: never) => string>>;
  /** How long a saga is kept after its end, in days. */
  readonly keepDays: number;
  /** How long an event waits that came too early, in seconds. After that, it goes to the dead-letter queue. */
  readonly longestWaitSeconds: number;
}

/** A saga: a consumer that remembers, for each of its keys, how far things have come. `defineSaga` makes it. */
export interface SagaDefinition<
  Parts extends SagaParts = SagaParts,
  Contract extends EventContract = EventContract,
> extends ConsumerDefinition<Contract, SagaTables, Record<never, never>> {
  readonly erased: 'acknowledge';
  readonly saga: Parts;
}

/** Whether a consumer is a saga. */
export function isSaga(definition: ConsumerDefinition): definition is SagaDefinition {
  return 'saga' in definition;
}
