import type { SagaParts } from '../saga/saga-definition.ts';
import { findNotKept } from '../visibility/find-hidden.ts';

/** Steps are in items, in the command line and in code. */
const STEP_PATTERN = /^[a-z][A-Za-z0-9]*$/;
/** The row of the matrix for a saga that does not exist yet. */
const NO_STEP = 'new';

/**
 * Refuses a saga whose definition contradicts itself.
 *
 * @param longestWait the most that `longestWaitSeconds` may be
 * @throws TypeError naming what is wrong, with what to do
 */
export function refuseWrongSaga(name: string, saga: SagaParts, longestWait: number): void {
  const refuse = (what: string): never => {
    throw new TypeError(`saga '${name}' ${what}`);
  };
  const { steps, ends, keepDays, longestWaitSeconds } = saga;
  refuseNoEvents(saga, refuse);
  if (saga.startedBy.length === 0) refuse('is begun by no event; name at least one in startedBy');
  if (steps.length === 0) refuse('has no steps; name at least one, for example steps: ["paying"]');
  if (ends.length === 0) refuse('has no ends; name at least one, for example ends: ["shipped"]');
  const all = [...steps, ...ends];
  const wrong = all.find((step) => !STEP_PATTERN.test(step) || step === NO_STEP);
  if (wrong !== undefined)
    refuse(`has a step '${wrong}'; a step is camelCase and not 'new', for example 'reserving'`);
  const inherited = all.find((step) => step in Object.prototype);
  if (inherited !== undefined)
    refuse(`has a step '${inherited}', which every object of JavaScript has; give it another name`);
  const twice = all.find((step, index) => all.indexOf(step) !== index);
  if (twice !== undefined)
    refuse(`names the step '${twice}' twice; name each step once, in steps or in ends`);
  refuseWrongState(saga, refuse);
  refuseWrongTimeouts(saga, refuse);
  refuseWrongCorrelation(saga, refuse);
  if (!Number.isInteger(keepDays) || keepDays < 1)
    refuse(`has keepDays: ${keepDays}; give a whole number of days, 1 or more`);
  if (!(longestWaitSeconds >= 1 && longestWaitSeconds <= longestWait)) {
    refuse(
      `has longestWaitSeconds: ${longestWaitSeconds}; with its retry policy, it is 1 to ${longestWait}, because SQS delivers a message only so often`,
    );
  }
}

type Refuse = (what: string) => never;

/** What JSON does not keep could be written, and never be read again. */
function refuseWrongState({ state }: SagaParts, refuse: Refuse): void {
  if (!isSchema(state)) refuse('has a state that is no schema of zod; write z.object({ ... })');
  const problems = findNotKept(state);
  if (problems.length === 0) return;
  const lines = problems.map(({ pointer, detail }) => `\n  ${pointer}: ${detail}`);
  refuse(`has a state that its table does not keep as it is, because it is stored as JSON:${lines.join('')}`);
}

/** What the compiler does not check in JavaScript. */
function refuseNoEvents(saga: SagaParts, refuse: Refuse): void {
  for (const name of ['startedBy', 'movedBy', 'emits'] as const) {
    const contracts: unknown = saga[name];
    if (!Array.isArray(contracts)) refuse(`has no list in ${name}; write the events as [...]`);
    else if (!contracts.every(isEvent)) refuse(`has something in ${name} that is no event of defineEvent`);
  }
}

function isEvent(contract: unknown): boolean {
  return typeof Object(contract).type === 'string' && typeof Object(contract).versionedType === 'string';
}

function isSchema(state: unknown): boolean {
  return typeof Object(state)._zod === 'object';
}

function refuseWrongTimeouts(saga: SagaParts, refuse: Refuse): void {
  const others = [...saga.startedBy, ...saga.movedBy];
  for (const [step, contracts] of Object.entries(saga.timeouts)) {
    if (!saga.steps.includes(step))
      refuse(`has time-outs for '${step}', which is none of its steps: ${saga.steps.join(', ')}`);
    if (!Array.isArray(contracts))
      refuse(`has no list of time-outs for '${step}'; name its events, or leave it out`);
    if (!contracts.every(isEvent)) refuse(`has a time-out for '${step}' that is no event of defineEvent`);
    for (const { type } of contracts) {
      if (others.some((other) => other.type === type))
        refuse(
          `names ${type} in timeouts and as an event of others; a time-out is only the saga's own event`,
        );
    }
  }
}

function refuseWrongCorrelation({ correlate, ...saga }: SagaParts, refuse: Refuse): void {
  if (typeof correlate === 'string' && correlate !== '') return;
  if (typeof correlate !== 'object' || correlate === null)
    refuse("has no correlate; name a member of its events, for example 'orderId'");
  const contracts = [...saga.startedBy, ...saga.movedBy, ...Object.values(saga.timeouts).flat()];
  const missing = contracts.find((contract) => contract && typeof correlate[contract.type] !== 'function');
  if (missing) refuse(`does not say how ${missing.type} names its saga; add it to correlate`);
}
