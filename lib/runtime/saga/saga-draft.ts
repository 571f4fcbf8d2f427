import type { EventContract } from '../../contracts/define-event.ts';
import type { SagaParts } from '../../contracts/saga/saga-definition.ts';
import type { SagaUndo } from '../../contracts/saga/saga-item.ts';
import { describeProblems } from '../../contracts/text/problem.ts';
import { shownValue } from '../../contracts/text/shown-value.ts';
import { parseData } from '../../contracts/versions/event-version.ts';
import type { EmitOptions } from '../handling/emit-options.ts';
import { undoing, withUndo } from './compensations.ts';
import { copyOf } from './frozen.ts';
import { correlated } from './saga-key.ts';
import { newState, type SagaState } from './saga-state.ts';
import type { TimeoutDelay } from './transitions.ts';

/** An event that a transition emits. */
export interface Outgoing {
  readonly contract: EventContract;
  readonly data: unknown;
  readonly options?: EmitOptions;
}

/** A time-out that a transition sets. */
export interface TimeoutOutgoing {
  readonly contract: EventContract;
  readonly data: unknown;
  readonly when: TimeoutDelay;
}

/** A saga before a transition. */
export interface Before {
  readonly id: string;
  /** Undefined when the saga begins. */
  readonly step: string | undefined;
  readonly data: unknown;
  readonly undo: readonly SagaUndo[];
}

/** What a transition says. Nothing of it is stored or sent before the transition has returned. */
export class SagaDraft {
  readonly id: string;
  step: string | undefined;
  /** The new data; undefined when the data stays. */
  newState: SagaState | undefined;
  readonly emitted: Outgoing[] = [];
  readonly timeouts: TimeoutOutgoing[] = [];
  undoes: readonly SagaUndo[];
  readonly #saga: SagaParts;
  readonly #from: string | undefined;
  readonly #before: unknown;
  #gone = false;
  #over = false;

  constructor(saga: SagaParts, { id, step, data, undo }: Before) {
    this.#saga = saga;
    this.id = id;
    this.#before = data;
    this.step = step;
    this.#from = step;
    this.undoes = undo;
    // A transition may take them out of its saga: `(event, { goTo }) => ...`.
    for (const name of ['goTo', 'end', 'update', 'emit', 'timeout', 'onUndo', 'undo'] as const) {
      Object.defineProperty(this, name, { value: this[name].bind(this) });
    }
  }

  /** The data as the transition has left it so far. */
  get data(): unknown {
    return this.newState ? this.newState.data : this.#before;
  }

  /** Ends the transition's time: what is called later has no effect. */
  close(): void {
    this.#over = true;
  }

  goTo(step: string, data?: unknown): void {
    this.#go(step, this.#saga.steps, 'step');
    this.#set(data);
  }

  end(end: string, data?: unknown): void {
    this.#go(end, this.#saga.ends, 'end');
    this.#set(data);
  }

  update(data: unknown): void {
    this.#refuseAfter();
    this.#set(data);
  }

  emit(contract: EventContract, data: unknown, options?: EmitOptions): void {
    this.#refuseAfter();
    const copy = copyOf(data, `the data of the emitted ${contract.type}`);
    this.emitted.push({ contract, data: copy, ...(options && { options: { ...options } }) });
  }

  timeout(contract: EventContract, data: unknown, when: TimeoutDelay): void {
    this.#refuseAfter();
    const earlier = this.timeouts.findIndex((timeout) => timeout.contract.type === contract.type);
    if (earlier >= 0) this.timeouts.splice(earlier, 1);
    const copy = copyOf(data, `the data of the time-out ${contract.type}`);
    this.#refuseOtherSaga(contract, copy);
    this.timeouts.push({ contract, data: copy, when: { ...when } });
  }

  onUndo(contract: EventContract, data: unknown): void {
    this.#refuseAfter();
    const what = `the saga undoes a move with ${contract.type}`;
    if (!this.#saga.emits.includes(contract))
      throw new TypeError(`${what}, which its definition does not name under emits; add it there`);
    this.undoes = withUndo(this.undoes, contract, data);
  }

  undo(): void {
    this.#refuseAfter();
    for (const undo of this.undoes.toReversed()) this.emitted.push(undoing(this.#saga, this.id, undo));
    this.undoes = [];
  }

  #go(step: string, allowed: readonly string[], what: string): void {
    this.#refuseAfter();
    if (this.#from !== undefined && this.#saga.ends.includes(this.#from))
      throw new TypeError(`the saga has ended in '${this.#from}' and cannot go to ${shownValue(step)}`);
    if (!allowed.includes(step))
      throw new TypeError(
        `the saga goes to ${shownValue(step)}, which is no ${what} of it: ${allowed.join(', ')}`,
      );
    if (this.#gone) throw new TypeError(`the saga goes to '${step}' after it has gone to '${this.step}'`);
    this.#gone = true;
    this.step = step;
  }

  /** A time-out for another saga would come there, where it was not set, and so have no effect. */
  #refuseOtherSaga(contract: EventContract, data: unknown): void {
    const parsed = parseData(contract.schema, data);
    const what = `saga ${this.id} sets the time-out ${contract.type} with data`;
    if ('problems' in parsed)
      throw new TypeError(`${what} that breaks its contract: ${describeProblems(parsed.problems)}`);
    const id = correlated(this.#saga, contract.type, parsed.data);
    if (id !== this.id)
      throw new TypeError(
        `${what} of ${typeof id === 'string' ? `saga ${id}` : 'no saga'}; correlate has to give '${this.id}', or it never has an effect`,
      );
  }

  #set(data: unknown): void {
    if (data !== undefined) this.newState = newState(this.#saga.state, data);
  }

  #refuseAfter(): void {
    if (this.#over) throw new TypeError('the saga was changed after its transition had returned');
  }
}
