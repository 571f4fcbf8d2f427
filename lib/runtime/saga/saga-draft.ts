import type { EventContract } from '../../contracts/define-event.ts';
import type { SagaParts } from '../../contracts/saga/saga-definition.ts';
import type { SagaUndo } from '../../contracts/saga/saga-item.ts';
import { describeProblems } from '../../contracts/text/problem.ts';
import { parseData } from '../../contracts/versions/event-version.ts';
import { UnreadableSagaError } from '../errors.ts';
import type { EmitOptions } from '../handling/emit-options.ts';
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
  readonly data: unknown;
  step: string | undefined;
  /** The new data as JSON; undefined when the data stays. */
  newData: string | undefined;
  readonly emitted: Outgoing[] = [];
  readonly timeouts: TimeoutOutgoing[] = [];
  undoes: readonly SagaUndo[];
  readonly #saga: SagaParts;
  readonly #from: string | undefined;
  #gone = false;
  #over = false;

  constructor(saga: SagaParts, { id, step, data, undo }: Before) {
    this.#saga = saga;
    this.id = id;
    this.data = data;
    this.step = step;
    this.#from = step;
    this.undoes = undo;
    // A transition may take them out of its saga: `(event, { goTo }) => ...`.
    for (const name of ['goTo', 'end', 'update', 'emit', 'timeout', 'onUndo', 'undo'] as const) {
      Object.defineProperty(this, name, { value: this[name].bind(this) });
    }
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
    this.emitted.push({ contract, data, ...(options && { options }) });
  }

  timeout(contract: EventContract, data: unknown, when: TimeoutDelay): void {
    this.#refuseAfter();
    const earlier = this.timeouts.findIndex((timeout) => timeout.contract.type === contract.type);
    if (earlier >= 0) this.timeouts.splice(earlier, 1);
    this.timeouts.push({ contract, data, when });
  }

  onUndo(contract: EventContract, data: unknown): void {
    this.#refuseAfter();
    const what = `the saga undoes a move with ${contract.type}`;
    if (!this.#saga.emits.includes(contract))
      throw new TypeError(`${what}, which its definition does not name under emits; add it there`);
    const kept: unknown = JSON.parse(jsonOf(data, `the data of ${contract.type}`));
    // The event is emitted much later, when nobody can correct its data.
    const problems = contract.check(kept);
    if (problems.length > 0)
      throw new TypeError(`${what}, whose data breaks its contract: ${describeProblems(problems)}`);
    this.undoes = [...this.undoes, { event: contract.type, data: kept }];
  }

  undo(): void {
    this.#refuseAfter();
    for (const { event, data } of this.undoes.toReversed()) {
      const contract = this.#saga.emits.find(({ type }) => type === event);
      if (!contract)
        throw new UnreadableSagaError(
          `saga ${this.id} undoes a move with ${event}, which its definition no longer names under emits; name it again and deploy`,
        );
      this.emitted.push({ contract, data });
    }
    this.undoes = [];
  }

  #go(step: string, allowed: readonly string[], what: string): void {
    this.#refuseAfter();
    if (this.#from !== undefined && this.#saga.ends.includes(this.#from))
      throw new TypeError(`the saga has ended in '${this.#from}' and cannot go to '${step}'`);
    if (!allowed.includes(step))
      throw new TypeError(`the saga goes to '${step}', which is no ${what} of it: ${allowed.join(', ')}`);
    if (this.#gone) throw new TypeError(`the saga goes to '${step}' after it has gone to '${this.step}'`);
    this.#gone = true;
    this.step = step;
  }

  #set(data: unknown): void {
    if (data === undefined) return;
    const json = jsonOf(data, "the saga's new data");
    // As the next event reads it: JSON changes some values, such as dates.
    const parsed = parseData(this.#saga.state, JSON.parse(json));
    if ('problems' in parsed)
      throw new TypeError(`the saga's new data breaks its schema: ${describeProblems(parsed.problems)}`);
    this.newData = json;
  }

  #refuseAfter(): void {
    if (this.#over) throw new TypeError('the saga was changed after its transition had returned');
  }
}

/** The data as JSON. @param what names the data in the error @throws TypeError when it cannot be stored */
function jsonOf(data: unknown, what: string): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(data);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`${what} cannot be stored as JSON: ${reason}`, { cause });
  }
  if (json === undefined) throw new TypeError(`${what} cannot be stored as JSON: its type is ${typeof data}`);
  return json;
}
