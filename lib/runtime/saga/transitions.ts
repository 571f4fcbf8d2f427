import type { DataOf, EventContract } from '../../contracts/define-event.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import type { SagaDefinition, TimeoutOf, TimeoutsByStep } from '../../contracts/saga/saga-definition.ts';
import type { EmitOptions } from '../handling/emit-options.ts';
import type { Frozen } from './frozen.ts';

/** An event as a transition gets it: with its data, also when it was published with a link. The data cannot be changed. */
export type SagaEvent<Contract extends EventContract = EventContract> = Contract extends EventContract
  ? Envelope<Frozen<DataOf<Contract>>> & { readonly data: Frozen<DataOf<Contract>> }
  : never;

/** When a time-out comes: in so many seconds, or at a time. */
export type TimeoutDelay = { readonly in: number } | { readonly at: Date | string };

type Parts<Saga extends SagaDefinition> = Saga['saga'];
type Step<Saga extends SagaDefinition> = Parts<Saga>['steps'][number];
type End<Saga extends SagaDefinition> = Parts<Saga>['ends'][number];
type Start<Saga extends SagaDefinition> = Parts<Saga>['startedBy'][number];
type FromOthers<Saga extends SagaDefinition> = Start<Saga> | Parts<Saga>['movedBy'][number];
type Emit<Saga extends SagaDefinition> = Parts<Saga>['emits'][number];
type State<Saga extends SagaDefinition> = Frozen<Parts<Saga>['state']['_zod']['output']>;
type Timeouts<Saga extends SagaDefinition> = Parts<Saga>['timeouts'];

/** The contracts of the time-outs that count in a step. */
type TimeoutIn<ByStep extends TimeoutsByStep, Name extends string> = Name extends keyof ByStep
  ? Exclude<ByStep[Name], undefined>[number]
  : never;

interface AnySaga<Saga extends SagaDefinition> {
  /** The saga's key, which its events name. */
  readonly id: string;
  /** Emits an event. It is published once the move is stored, at least once and always with the same id. */
  emit<Contract extends Emit<Saga>>(
    contract: Contract,
    data: Frozen<DataOf<Contract>>,
    options?: EmitOptions,
  ): void;
}

/** What a transition can do with a saga that has not ended. */
interface OpenSaga<Saga extends SagaDefinition> extends AnySaga<Saga> {
  /**
   * Sends an event to this saga for later. One of the same type that was set before no longer counts. The step in which the saga then is
   * has to name it under `timeouts`.
   */
  timeout<Contract extends TimeoutOf<Timeouts<Saga>>>(
    contract: Contract,
    data: Frozen<DataOf<Contract>>,
    when: TimeoutDelay,
  ): void;
  /** Says which event undoes what this transition does. `undo` emits it. */
  onUndo<Contract extends Emit<Saga>>(contract: Contract, data: Frozen<DataOf<Contract>>): void;
}

/** A saga that begins. Its transition calls `goTo` or `end`. */
export interface NewSaga<Saga extends SagaDefinition = SagaDefinition> extends OpenSaga<Saga> {
  /** Goes to a step. */
  goTo(step: Step<Saga>, data: State<Saga>): void;
  /** Ends the saga at once. */
  end(end: End<Saga>, data: State<Saga>): void;
}

/** A saga on its way. Without `goTo` and `end` it stays in its step. */
export interface RunningSaga<Saga extends SagaDefinition = SagaDefinition> extends OpenSaga<Saga> {
  /** Its data, as the transition has left it so far. Change it with `update`, `goTo` or `end`. */
  readonly data: State<Saga>;
  /** Goes to a step. @param data @default - its data stays */
  goTo(step: Step<Saga>, data?: State<Saga>): void;
  /** Ends the saga. @param data @default - its data stays */
  end(end: End<Saga>, data?: State<Saga>): void;
  /** Replaces the data and stays in the step. */
  update(data: State<Saga>): void;
  /** Emits what undoes the saga's earlier moves, the last move first. Each is emitted once. */
  undo(): void;
}

/** A saga that has ended. It stays in its end, and may still answer events that come late. */
export interface EndedSaga<Saga extends SagaDefinition = SagaDefinition> extends AnySaga<Saga> {
  /** Its data, as the transition has left it so far. Change it with `update`. */
  readonly data: State<Saga>;
  /** Replaces the data. */
  update(data: State<Saga>): void;
  /** Emits what undoes the saga's moves, the last move first. Each is emitted once. */
  undo(): void;
}

/**
 * What an event does with a saga. It is a function of the event and the saga alone: it may run several times for one event, and only what
 * the last run says is stored. It is not async, and it reads no clock: `event.time` says when.
 */
// The union refuses async functions: a plain `void` would accept them.
// biome-ignore lint/suspicious/noConfusingVoidType: see above
export type Transition<Event, Saga> = (event: Event, saga: Saga) => void | undefined;

type Cells<Contract extends EventContract, Saga, Word> = {
  readonly [Type in Contract['type']]:
    | Transition<SagaEvent<Extract<Contract, { readonly type: Type }>>, Saga>
    | Word;
};

/** The row of a saga that does not exist: it has not begun, or was removed `keepDays` after its end. */
type NewRow<Saga extends SagaDefinition> = Cells<Start<Saga>, NewSaga<Saga>, never> & {
  readonly [Type in Exclude<FromOthers<Saga>['type'], Start<Saga>['type']>]: 'ignore' | 'wait';
};

type StepRow<Saga extends SagaDefinition, Name extends string> = Cells<
  FromOthers<Saga>,
  RunningSaga<Saga>,
  'ignore' | 'wait'
> &
  Cells<TimeoutIn<Timeouts<Saga>, Name>, RunningSaga<Saga>, never>;

type EndRow<Saga extends SagaDefinition> = Cells<FromOthers<Saga>, EndedSaga<Saga>, 'ignore'> | 'ignore';

/**
 * What each event does in each step: a cell for every event in `new`, in every step and in every end. A missing cell is an error of the
 * compiler. A cell is a transition; `'ignore'`: the event is done and changes nothing; or `'wait'`: it came too early and is delivered again
 * later, without an attempt. A time-out has a cell only in the steps that name it: anywhere else it has no effect.
 */
export type Transitions<Saga extends SagaDefinition> = { readonly new: NewRow<Saga> } & {
  readonly [Name in Step<Saga>]: StepRow<Saga, Name>;
} & { readonly [Name in End<Saga>]: EndRow<Saga> };
