import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import type { EventContract } from '../../contracts/define-event.ts';
import { isSaga, type SagaDefinition } from '../../contracts/saga/saga-definition.ts';
import type { Handle } from '../../runtime/handling/handle.ts';
import { EndlessTimeError } from '../process/scheduler.ts';
import { messageBody, type TestEvent } from '../test-event.ts';
import { createTestTable } from '../test-table.ts';
import type { NativeItem } from '../values/native.ts';
import type { AnswerFetch, Answers } from '../world/outside-calls.ts';
import { World } from '../world/world.ts';
import { createChance } from './chance.ts';
import { createFaults } from './faults.ts';
import { type Fact, observe } from './observe.ts';
import { Poller } from './poller.ts';
import type { RunParts } from './run-parts.ts';
import { Timeline } from './timeline.ts';

/** What all runs of one simulation have in common. */
export interface SimulationSetup {
  readonly definition: ConsumerDefinition;
  readonly handlers: ReadonlyMap<string, Handle>;
  /** Items that the tables hold at first, by role. */
  readonly tables: Readonly<Record<string, readonly NativeItem[]>>;
  readonly secrets: Readonly<Partial<Record<string, string>>>;
  readonly answers: Answers;
  readonly fetch: AnswerFetch | undefined;
  /** Calls that may happen more than once, such as `SESv2.SendEmail`. */
  readonly mayRepeat: readonly string[];
}

/** An event of the simulation, with an id of its own. */
export type SimulatedEvent = TestEvent<EventContract> & { readonly id: string };

/** How a run ended. */
export interface RunResult {
  readonly facts: readonly Fact[];
  /** The events in the order in which they were done. */
  readonly order: readonly SimulatedEvent[];
  readonly timeline: readonly string[];
  readonly counts: RunCounts;
}

/** What has happened in a run. */
export interface RunCounts {
  readonly deliveries: number;
  readonly crashes: number;
  readonly faults: number;
}

/** How a run differs from one without faults. */
export interface RunOptions {
  readonly seed: number;
  /** How much goes wrong; 0 is a run without faults: one event after the other, in the order given. */
  readonly faults: number;
}

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-01-01T00:00:00Z');
/** Longer than any message needs, and shorter than records are kept. */
const END_MS = DAY_MS;
/** An event that is published twice comes the second time within this time, in milliseconds. */
const SECOND_PUBLICATION_MS = 120_000;
/** Between two events, at most, in milliseconds: enough of them overlap. */
const BETWEEN_EVENTS_MS = 50;
const POLLERS = 2;
/** Of a run that does not end: enough to see what is done again and again. */
const LAST_LINES = 12;
/** The faults of a run must not use an event's attempts up: then it would rightly have no effect. */
const RETRY = { maxAttempts: 25, firstDelaySeconds: 1, maxDelaySeconds: 5 };
/** How long an early event of a saga waits, and how long it waits at once at most: few enough deliveries. */
const EARLY_SECONDS = 3_600;
const EARLY_PAUSE_SECONDS = 60;

/** Lets a run happen, until nothing moves any more. */
export async function simulateRun(
  setup: SimulationSetup,
  events: readonly SimulatedEvent[],
  options: RunOptions,
): Promise<RunResult> {
  const chance = createChance(options.seed);
  const world = createWorld(setup, options.seed);
  const timeline = new Timeline(world.scheduler);
  const faultless = options.faults === 0;
  const faults = createFaults({
    chance,
    count: options.faults,
    timeoutMs: setup.definition.timeoutSeconds * 1000,
  });
  const run = { world, chance, faults, timeline, faultless };
  const done: string[] = [];
  const pollers = Array.from(
    { length: faultless ? 1 : POLLERS },
    () => new Poller({ ...run, onDone: (body) => done.push(body) }),
  );
  publish(run, events, () => {
    for (const poller of pollers) poller.wake();
  });
  await runToEnd(setup, run, options);
  const ids = new Map(events.map((event) => [bodyOf(world, event), event]));
  const order = [...new Set(done)].flatMap((body) => ids.get(body) ?? []);
  const counts = {
    deliveries: pollers.reduce((sum, { deliveries }) => sum + deliveries, 0),
    crashes: pollers.reduce((sum, { crashes }) => sum + crashes, 0),
    faults: options.faults,
  };
  return { facts: observe(world, setup.mayRepeat), order, timeline: timeline.lines, counts };
}

/** @throws Error when the run does not come to its end, or nothing can be said of the handlers */
async function runToEnd(
  { definition }: SimulationSetup,
  { world, timeline }: RunParts,
  { seed }: RunOptions,
): Promise<void> {
  const end = world.scheduler.now + END_MS;
  let endless: string | undefined;
  try {
    await world.scheduler.run(() => world.testError !== undefined || world.scheduler.now > end);
  } catch (error) {
    if (!(error instanceof EndlessTimeError)) throw error;
    endless = error.message;
  }
  if (world.testError) throw world.testError;
  if (world.messages.some(({ deleted }) => !deleted)) endless ??= 'after a day, messages still wait';
  if (endless === undefined) return;
  const last = timeline.lines.slice(-LAST_LINES).map((line) => `  ${line}`);
  const what = `${definition.name}: the run of seed ${seed} does not end: ${endless}`;
  throw new Error([what, 'what happened last:', ...last].join('\n'));
}

function createWorld(
  { definition, handlers, tables, secrets, answers, fetch }: SimulationSetup,
  seed: number,
): World {
  const world = new World({
    definition: patient(definition),
    handlers,
    // Each run has a day of its own, so that whatever is made of the time differs.
    startAt: START_MS + seed * 1_000_003,
    random: createChance(seed + 1_000_000).next,
    answers,
    answerFetch: fetch,
    secrets,
  });
  for (const [role, items] of Object.entries(tables)) {
    const table = createTestTable(world.dynamodb, role);
    for (const item of items) table.put(item);
  }
  return world;
}

/** The definition with the waits of a run. An early event of a saga waits longer than the crashes of a run last. */
function patient(definition: ConsumerDefinition): ConsumerDefinition {
  if (!isSaga(definition)) return { ...definition, retry: RETRY };
  const saga = { ...definition.saga, longestWaitSeconds: EARLY_SECONDS };
  const waiting: SagaDefinition = {
    ...definition,
    saga,
    retry: { ...RETRY, maxDelaySeconds: EARLY_PAUSE_SECONDS },
  };
  return waiting;
}

/** The body must be the same however often an event is published: its time is that of the first. */
function bodyOf({ definition }: World, event: SimulatedEvent): string {
  return messageBody(definition.listensTo, event, { id: event.id, now: START_MS });
}

function publish(
  { world, chance, faults, timeline, faultless }: RunParts,
  events: readonly SimulatedEvent[],
  wake: () => void,
): void {
  let at = 0;
  for (const event of events) {
    const send = (again: string): void => {
      timeline.add(`${event.type} ${event.id} is published${again}`);
      world.send(bodyOf(world, event));
      wake();
    };
    // One event at a time, each long after the one before is done: that is what a run without faults is.
    at += faultless ? SECOND_PUBLICATION_MS : chance.between(0, BETWEEN_EVENTS_MS);
    world.scheduler.after(at, () => send(''));
    if (faults.strike(0.25))
      world.scheduler.after(at + chance.between(0, SECOND_PUBLICATION_MS), () => send(' AGAIN'));
  }
}
