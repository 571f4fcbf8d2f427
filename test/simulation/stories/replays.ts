import type { Replay } from '../../../lib/contracts/delivery/replay.ts';
import type { Chance } from '../../../lib/testing/simulation/chance.ts';
import type { History } from '../ledger.ts';
import type { World } from '../world.ts';
import type { ConsumerName } from './app.ts';
import { DAY, MINUTE } from './moments.ts';
import { attributesOf, eventOf, workOf } from './replay-work.ts';
import { chooseScript, type Fate } from './script.ts';

/** One replay of what a consumer has had. */
interface PlannedReplay extends Replay {
  readonly consumer: ConsumerName;
  /** Simulated milliseconds from the beginning of the story. */
  readonly after: number;
  /** Probability that it sends an event. */
  readonly share: number;
  /** Probability that its attributes are of no replay that the runtime knows. */
  readonly malformed: number;
}

/** The replays of a story. Chance of their own decides them, so that stories without any stay as they are. */
export interface ReplayPlan {
  readonly chance: Chance;
  readonly replays: readonly PlannedReplay[];
  /** Consumers that do not let their effects be repeated. */
  readonly refusing: ReadonlySet<ConsumerName>;
}

/** Attributes that no replay sets. */
const MALFORMED: readonly Readonly<Record<string, string>>[] = [
  { replay: 'r-1', replaymode: 'sometimes' },
  { replay: 'r-1' },
  { replaymode: 'again' },
  { replay: 'two words', replaymode: 'again' },
  { replay: 'x'.repeat(65), replaymode: 'fill' },
];

export function planReplays(chance: Chance, weeks: boolean): ReplayPlan {
  const count = chance.happens(0.3) ? 1 + chance.below(3) : 0;
  const refusing = new Set<ConsumerName>();
  for (const name of ['first', 'second'] as const) if (chance.happens(0.1)) refusing.add(name);
  const replays = Array.from(
    { length: count },
    (_, index): PlannedReplay => ({
      id: `r-${index}`,
      mode: chance.happens(0.6) ? 'again' : 'fill',
      consumer: chance.happens(0.7) ? 'first' : 'second',
      after: chooseMoment(chance, weeks),
      share: chance.between(0.3, 1),
      malformed: chance.happens(0.1) ? 0.5 : 0,
    }),
  );
  return { chance, replays, refusing: count > 0 ? refusing : new Set() };
}

/** In trouble, at rest, or weeks later: within the life of records, and beyond it. */
function chooseMoment(chance: Chance, weeks: boolean): number {
  if (weeks && chance.happens(0.7)) return chance.between(2, 40) * DAY;
  return chance.happens(0.6) ? chance.between(0, 3 * MINUTE) : chance.between(3, 100) * MINUTE;
}

/** Sends to one queue what its consumer has had before, some of it twice: a replay, too, delivers at least once. */
export function replay(world: World, plan: PlannedReplay): void {
  const { chance } = world.replays;
  const known = [...world.ledger.histories].filter(
    ({ consumer, identity, sentAt }) =>
      consumer === plan.consumer && identity === eventOf(identity) && sentAt.length > 0,
  );
  for (const history of known) {
    if (!chance.happens(plan.share)) continue;
    const times = chance.happens(0.15) ? 2 : 1;
    for (let time = 0; time < times; time++) sendReplayed(world, plan, history);
  }
}

function sendReplayed(
  world: World,
  plan: PlannedReplay,
  { consumer, identity: event, groupId }: History,
): void {
  const { chance, refusing } = world.replays;
  const body = world.bodyOf(consumer, event);
  // What is published at this moment is in no archive yet.
  if (body === undefined) return;
  if (chance.happens(plan.malformed)) {
    const which = chance.below(MALFORMED.length);
    const attributes = MALFORMED[which] ?? {};
    // Whatever it asks for is a piece of work of its own, which is never done.
    const identity = workOf(event, { id: `wrong-${which}`, mode: 'again' });
    open(world, { consumer, identity, groupId }, 'malformed');
    world.send(consumer, { body, identity, groupId, deduplicationId: identity, attributes });
    return;
  }
  const identity = workOf(event, plan);
  if (plan.mode === 'again') {
    const fate = refusing.has(consumer) ? 'refused' : undefined;
    open(world, { consumer, identity, groupId }, fate);
  }
  const deduplicationId = `${plan.id} ${event}`;
  world.send(consumer, { body, identity, groupId, deduplicationId, attributes: attributesOf(plan) });
}

/** Begins the history of what a replay repeats: its handler may do otherwise than it did with the event. */
function open(
  world: World,
  { consumer, identity, groupId }: Pick<History, 'consumer' | 'identity' | 'groupId'>,
  fate: Fate | undefined,
): void {
  const { chance } = world.replays;
  const { script: before } = world.historyOf(consumer, { identity: eventOf(identity), groupId });
  world.ledger.open(consumer, identity, groupId, () => {
    const script = chooseScript(chance, world.settings, consumer);
    // An archive holds what was published: a message that was no event then is none now, and no other.
    if (before.fate === 'message') return before;
    return { ...script, fate: fate ?? (script.fate === 'message' ? 'good' : script.fate) };
  });
}
