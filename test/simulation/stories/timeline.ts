import type { History } from '../ledger.ts';
import type { World } from '../world.ts';
import { Asked, BATCH, type ConsumerName, POLLERS } from './app.ts';
import { AT_REST_MS, DAY, MINUTE, TROUBLE_MS } from './moments.ts';
import { eventOf } from './replay-work.ts';
import { replay } from './replays.ts';
import { canSucceed } from './script.ts';

const NAMES: readonly ConsumerName[] = ['first', 'second'];
/** Somebody looks at the dead letters so often. */
const REDRIVE_EVERY_MS = 10 * MINUTE;
const REDRIVES = 12;
/** Longer than a FIFO queue remembers what it has had. */
const LATER_MS = 6 * MINUTE;

/** Plans what comes from outside: events, some of them twice; redrives; and what happens weeks later. */
export function buildTrace(world: World): void {
  const { chance, scheduler, settings } = world;
  accept(world, 3 + chance.below(6));
  // A load that the limit has to spread, at a time when nothing else can make an event wait.
  const more = settings.kinds.first.rateLimit ? BATCH * POLLERS * 2 : chance.below(6);
  scheduler.after(AT_REST_MS, () => accept(world, more));
  for (let time = 1; time <= REDRIVES; time++)
    scheduler.after(TROUBLE_MS + time * REDRIVE_EVERY_MS, () => redrive(world, isWorthIt));
  if (settings.weeks) tellOfWeeks(world);
  for (const plan of world.replays.replays) tellOfReplay(world, plan);
}

/** Somebody replays, and sends back what is worth it of what dies of that. */
function tellOfReplay(world: World, plan: World['replays']['replays'][number]): void {
  const { scheduler } = world;
  scheduler.after(plan.after, () => replay(world, plan));
  for (let time = 1; time <= 3; time++)
    scheduler.after(plan.after + TROUBLE_MS + time * REDRIVE_EVERY_MS, () => redrive(world, isWorthIt));
}

/** Records live for 28 days: what comes again within them is known, what comes later is new. */
function tellOfWeeks(world: World): void {
  const { scheduler, chance } = world;
  const expire = () => {
    for (const name of NAMES) world.dynamodb.removeExpired(`records-${name}`, () => chance.happens(0.5));
  };
  scheduler.after(14 * DAY, () => {
    expire();
    sendAgain(world, 0.5);
  });
  scheduler.after(27 * DAY, () => redrive(world, () => true));
  scheduler.after(32 * DAY, () => {
    expire();
    sendAgain(world, 0.7);
  });
  for (let time = 1; time <= 3; time++)
    scheduler.after(32 * DAY + time * REDRIVE_EVERY_MS, () => redrive(world, isWorthIt));
}

function accept(world: World, count: number): void {
  const { chance, scheduler, settings, ledger } = world;
  for (let more = 0; more < count; more++) {
    const n = [...ledger.histories].filter(
      ({ consumer, identity }) => consumer === 'first' && identity === eventOf(identity),
    ).length;
    const history = world.historyOf('first', { identity: `/sim|e-${n}`, groupId: `g-${n % 2}` });
    sendOnce(world, history);
    // A publisher that has not seen the answer sends the same event again.
    if (!chance.happens(0.25)) continue;
    if (settings.fifo) scheduler.after(LATER_MS, () => sendOnce(world, history));
    sendOnce(world, history);
  }
}

function sendAgain(world: World, probability: number): void {
  const known = [...world.ledger.histories].filter(
    ({ consumer, identity }) => consumer === 'first' && identity === eventOf(identity),
  );
  for (const history of known) if (world.chance.happens(probability)) sendOnce(world, history);
}

function sendOnce(world: World, history: History): void {
  const { identity, groupId } = history;
  const id = identity.slice('/sim|'.length);
  world.send('first', { body: askedBody(history), identity, groupId, deduplicationId: id });
}

/** The text of an event for the first consumer. */
export function askedBody({ identity, groupId, script }: History): string {
  const id = identity.slice('/sim|'.length);
  const event = {
    specversion: '1.0',
    id,
    source: '/sim',
    type: Asked.versionedType,
    partitionkey: groupId,
    data: { n: Number(id.slice('e-'.length)), filler: 'x'.repeat(script.fillerBytes) },
  };
  const whole = JSON.stringify(event);
  return script.fate === 'message' ? whole.slice(0, -1) : whole;
}

function redrive(world: World, wanted: (history: History) => boolean): void {
  for (const name of NAMES) {
    world.consumers[name].queue.redrive(({ identity }) => {
      const history = world.ledger.history(name, identity);
      return history !== undefined && wanted(history);
    });
  }
}

/** In stories that go on, some are left for later. */
function isWorthIt({ script }: History): boolean {
  return canSucceed(script);
}
