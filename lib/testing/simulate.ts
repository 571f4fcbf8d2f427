import type { ConsumerDefinition } from '../contracts/define-consumer.ts';
import type { EventContract } from '../contracts/define-event.ts';
import { type Handlers, handlerMap } from '../runtime/consume.ts';
import type { Around } from '../runtime/handling/around.ts';
import { intercepted } from './process/intercept.ts';
import { createChance, shuffled } from './simulation/chance.ts';
import { exampleEvents } from './simulation/example-events.ts';
import { Judge } from './simulation/judge.ts';
import { type SimulatedEvent, type SimulationSetup, simulateRun } from './simulation/simulated-run.ts';
import { SimulationError } from './simulation/simulation-error.ts';
import type { TableOf } from './test-consumer.ts';
import type { TestEvent } from './test-event.ts';
import type { NativeItem } from './values/native.ts';
import type { AnswerFetch, Answers } from './world/outside-calls.ts';

export interface SimulateOptions<Definition extends ConsumerDefinition> {
  /** The function around the handlers, as `consume` takes it. @default - none */
  readonly around?: Around<Definition>;
  /** How many seeds are tried, from 1 on, or which. @default 100 */
  readonly seeds?: number | readonly number[];
  /** Events that the runs are made of, up to four in each. @default - two of each contract, made of its schema */
  readonly events?: readonly TestEvent<Definition['listensTo'][number]>[];
  /** Items that the tables hold at first, by role. @default - none */
  readonly tables?: Readonly<Partial<Record<TableOf<Definition>, readonly NativeItem[]>>>;
  /** Values for `ctx.secret`, by name. @default - none: reading a secret fails */
  readonly secrets?: Readonly<Partial<Record<keyof Definition['secrets'] & string, string>>>;
  /** What other AWS services answer. @default - sending mail and messages succeeds, anything else is an error */
  readonly answers?: Answers;
  /** What the handlers' `fetch` gets. @default - an error */
  readonly fetch?: AnswerFetch;
  /**
   * Calls of other services that may happen more than once, as `Service.Operation`: `'SESv2.SendEmail'`, `'fetch.POST'`. Name one
   * only if a second call does no harm. @default - none
   */
  readonly mayRepeat?: readonly string[];
}

/** What was simulated. */
export interface SimulationReport {
  readonly seeds: number;
  /** Messages that were handed to the handlers, repetitions too. */
  readonly deliveries: number;
  /** Processes that died. */
  readonly crashes: number;
}

const SEEDS = 100;
/** More have more orders than can be looked at. */
const EVENTS_PER_RUN = 4;
/** Few faults make a run that a person can follow. */
const FAULTS_PER_RUN = 4;

/**
 * Tries handlers out in runs in which things go wrong: before and after every call the process can die; answers are lost, calls
 * refused, repeated and late; processes stand still; messages come twice, side by side and in any order. Each seed is one run,
 * always the same. Afterwards the tables, the emitted events and the calls of other services must be as if every event had had
 * its effect once, in some order.
 *
 * @throws SimulationError with the seed and the run, when they are not
 * @throws Error when the handlers do nothing even when nothing goes wrong
 * @example
 * await simulate(ratings, handlers, { seeds: 200 });
 */
export async function simulate<Definition extends ConsumerDefinition>(
  definition: Definition,
  handlers: Handlers<Definition>,
  options: SimulateOptions<Definition> = {},
): Promise<SimulationReport> {
  const { seeds = SEEDS, tables = {}, secrets = {}, answers = {}, fetch, mayRepeat = [] } = options;
  const setup: SimulationSetup = {
    definition,
    handlers: handlerMap(handlers, options.around),
    tables,
    secrets,
    answers,
    fetch,
    mayRepeat,
  };
  const given: readonly TestEvent<EventContract>[] = options.events ?? exampleEvents(definition.listensTo);
  const events = given.map((event, index) => ({ ...event, id: event.id ?? `event-${index + 1}` }));
  const chosen = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, index) => index + 1) : seeds;
  return intercepted(() => run(setup, events, chosen));
}

async function run(
  setup: SimulationSetup,
  events: readonly SimulatedEvent[],
  seeds: readonly number[],
): Promise<SimulationReport> {
  await refuseIdle(setup, events);
  const judge = new Judge(setup);
  let [deliveries, crashes] = [0, 0];
  for (const seed of seeds) {
    const chance = createChance(seed);
    const chosenEvents = shuffled(events, chance).slice(0, 1 + chance.below(EVENTS_PER_RUN));
    const result = await simulateRun(setup, chosenEvents, { seed, faults: 1 + chance.below(FAULTS_PER_RUN) });
    const found = await judge.judge(chosenEvents, result);
    if (found.length > 0) throw new SimulationError(setup.definition.name, seed, found, result.timeline);
    deliveries += result.counts.deliveries;
    crashes += result.counts.crashes;
  }
  return { seeds: seeds.length, deliveries, crashes };
}

/** A simulation of handlers that never do anything would find nothing. */
async function refuseIdle(setup: SimulationSetup, events: readonly SimulatedEvent[]): Promise<void> {
  const { facts } = await simulateRun(setup, events, { seed: 1, faults: 0 });
  if (facts.some(({ kind }) => kind !== 'dead letter')) return;
  const reasons = [...new Set(facts.map(({ value }) => String(value)))].join(', ');
  throw new Error(
    `${setup.definition.name} has no effect even when nothing goes wrong${reasons && `: its events end as ${reasons}`}; give simulate() events that have one`,
  );
}
