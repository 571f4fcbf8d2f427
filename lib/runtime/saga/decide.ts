import { parseStoredJson } from '../../contracts/json/stored-json.ts';
import type { SagaDefinition, SagaParts } from '../../contracts/saga/saga-definition.ts';
import type { SagaItem, SagaTimeout, SagaUndo } from '../../contracts/saga/saga-item.ts';
import { describeProblems } from '../../contracts/text/problem.ts';
import { parseData } from '../../contracts/versions/event-version.ts';
import { UnreadableSagaError } from '../errors.ts';
import { freeze } from './frozen.ts';
import { type Outgoing, SagaDraft, type TimeoutOutgoing } from './saga-draft.ts';
import type { SagaEvent, Transition } from './transitions.ts';

/** A cell of the matrix, without its own types. */
type Cell = Transition<SagaEvent, SagaDraft> | 'ignore' | 'wait';

/** The matrix of a saga, without its own types. */
export type Matrix = Readonly<Record<string, Readonly<Record<string, Cell>> | 'ignore'>>;

/** An event for a saga, and the saga as its table has it. */
export interface Question {
  readonly definition: SagaDefinition;
  readonly matrix: Matrix;
  /** The type of the event, without its version. */
  readonly type: string;
  readonly event: SagaEvent;
  /** The key of the saga. */
  readonly id: string;
  /** The `source` of what the saga emits. */
  readonly source: string;
  /** Undefined when there is none, or when it has expired. */
  readonly saga: SagaItem | undefined;
}

/** What a move changes. */
export interface Move {
  readonly kind: 'move';
  readonly step: string;
  readonly ended: boolean;
  /** As JSON. */
  readonly data: string;
  readonly undo: readonly SagaUndo[];
  readonly emitted: readonly Outgoing[];
  /** Time-outs that are set now. */
  readonly set: readonly TimeoutOutgoing[];
  /** Time-outs that were set before and still count. */
  readonly kept: Readonly<Record<string, SagaTimeout>>;
  /** Ids of time-outs that no longer count. */
  readonly cancelled: readonly string[];
}

/** What an event does with its saga. */
export type Decision = { readonly kind: 'ignore' } | { readonly kind: 'wait' } | Move;

/**
 * Decides what an event does with its saga. It is a function of what it is given alone, so it can be asked again when the saga has changed.
 *
 * @throws UnreadableSagaError when the item does not fit the code
 * @throws TypeError when the transition returns a promise, or says something that the definition does not allow
 */
export function decide(question: Question): Decision {
  const { definition, matrix, type, event, saga } = question;
  const parts = definition.saga;
  const step = saga ? knownStep(parts, saga) : undefined;
  const isTimeout = Object.values(parts.timeouts).some((list) => list?.some((one) => one.type === type));
  // A time-out that the saga has not set, has replaced, or has left behind with its step. Another sender may use its id.
  if (isTimeout && !(saga?.timeouts[type]?.id === event.id && event.source === question.source))
    return { kind: 'ignore' };
  const row = matrix[step ?? 'new'];
  const cell = row === 'ignore' ? row : row?.[type];
  if (cell === 'ignore' || cell === 'wait') return { kind: cell };
  if (cell === undefined)
    throw new TypeError(`${definition.name} has no transition for ${type} in '${step ?? 'new'}'`);
  const before = { id: question.id, step, undo: saga?.undo ?? [] };
  const draft = new SagaDraft(parts, { ...before, data: saga && readState(parts, saga) });
  callTransition(cell, event, draft, `the transition of ${type} in '${step ?? 'new'}'`);
  return moveOf(question, draft);
}

function callTransition(
  transition: Transition<SagaEvent, SagaDraft>,
  event: SagaEvent,
  draft: SagaDraft,
  what: string,
): void {
  const result: unknown = transition(event, draft);
  draft.close();
  if (result instanceof Promise) {
    // Its rejection would end the process, and the error below says what is wrong.
    result.catch(() => undefined);
    throw new TypeError(
      `${what} returned a promise; a transition is a plain function, so write it without async`,
    );
  }
  if (draft.step === undefined)
    throw new TypeError(`${what} begins no saga; call saga.goTo or saga.end in it`);
}

function moveOf({ definition: { name, saga: parts }, type, saga }: Question, draft: SagaDraft): Move {
  const { step = '', newState, emitted, timeouts, undoes } = draft;
  const counts = new Set(parts.timeouts[step]?.map((contract) => contract.type));
  const wrong = timeouts.find(({ contract }) => !counts.has(contract.type));
  if (wrong)
    throw new TypeError(
      parts.ends.includes(step)
        ? `${name} sets the time-out ${wrong.contract.type} and ends in '${step}', where no time-out counts; leave it out`
        : `${name} sets the time-out ${wrong.contract.type}, which its definition does not name for '${step}'; add it to timeouts.${step}`,
    );
  const replaced = new Set(timeouts.map(({ contract }) => contract.type));
  // The time-out that has come is over.
  const earlier = Object.entries(saga?.timeouts ?? {}).filter(([one]) => one !== type);
  const stays = ([one]: readonly [string, SagaTimeout]): boolean => counts.has(one) && !replaced.has(one);
  return {
    kind: 'move',
    step,
    ended: parts.ends.includes(step),
    data: newState?.text ?? saga?.data ?? 'null',
    undo: undoes,
    emitted,
    set: timeouts,
    kept: Object.fromEntries(earlier.filter(stays)),
    cancelled: earlier.filter((one) => !stays(one)).map(([, { id }]) => id),
  };
}

function knownStep({ steps, ends }: SagaParts, { id, step }: SagaItem): string {
  if (steps.includes(step) || ends.includes(step)) return step;
  throw new UnreadableSagaError(
    `saga ${id} is in the step '${step}', which this version of the code does not know (${[...steps, ...ends].join(', ')}); ` +
      'deploy a version that knows it, and redrive the event',
  );
}

function readState({ state }: SagaParts, { id, data }: SagaItem): unknown {
  const parsed = parseData(state, storedData(id, data));
  if ('data' in parsed) return freeze(parsed.data);
  throw new UnreadableSagaError(
    `the data of saga ${id} does not fit its schema: ${describeProblems(parsed.problems)}; another version of the code has written it: ` +
      'deploy one that reads it, for example with a default for a new field, and redrive the event',
  );
}

function storedData(id: string, text: string): unknown {
  const what = `the data of saga ${id}`;
  try {
    return parseStoredJson(text, what);
  } catch {
    // It is given up under a name of its own, with which it can be redriven.
    throw new UnreadableSagaError(`${what} is not JSON; only Fanfare may write to its table`);
  }
}
