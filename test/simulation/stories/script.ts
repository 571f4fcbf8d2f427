import type { Chance } from '../../../lib/testing/simulation/chance.ts';
import type { ConsumerName } from './app.ts';
import type { Settings } from './settings.ts';
import { THROWN } from './thrown.ts';

/**
 * What comes of an event. `flaky` and `slow` are so in trouble only; `late` misses the first deadline; `recovering`
 * throws until its last attempt but one; `doomed` throws every time; `hopeless` is a PermanentError; a `culprit`
 * ends the process; `message` is no event; `oversized` emits more than a record takes. Of a replay, `refused` is what its consumer
 * does not let be repeated, and `malformed` what has attributes of no replay.
 */
export type Fate =
  | 'good'
  | 'flaky'
  | 'slow'
  | 'late'
  | 'recovering'
  | 'doomed'
  | 'hopeless'
  | 'culprit'
  | 'message'
  | 'oversized'
  | 'refused'
  | 'malformed';

/** How a handler commits; `none` has no effect in DynamoDB. */
export type CommitStyle =
  | 'none'
  | 'awaited'
  | 'swallowed'
  | 'not awaited'
  | 'raced'
  | 'committed twice'
  | 'two at once'
  | 'after a rejection'
  | 'only rejected';

/** What a handler does when it finds that its event is done already. */
export type WhenDone = 'the same' | 'returns' | 'throws' | 'gives up';

/** What a handler does with one event, whenever it is called with it. */
export interface Script {
  readonly fate: Fate;
  readonly commit: CommitStyle;
  /** How many events it emits, before its commit. */
  readonly emits: number;
  /** Whether it has an effect that no transaction can hold. */
  readonly mails: boolean;
  readonly whenDone: WhenDone;
  /** What it throws when it fails. */
  readonly thrown: () => unknown;
  /** Whether it has emitted, and mailed, before it throws. */
  readonly throwsLate: boolean;
  /** Whether it throws after its commit, or while the commit is under way. */
  readonly throwsAfterCommit: boolean;
  readonly fillerBytes: number;
}

const FATES: readonly Fate[] = [
  'good',
  'good',
  'good',
  'good',
  'good',
  'flaky',
  'flaky',
  'slow',
  'late',
  'recovering',
  'doomed',
  'hopeless',
  'message',
];
const STYLES: readonly CommitStyle[] = [
  'none',
  'none',
  'awaited',
  'awaited',
  'awaited',
  'swallowed',
  'not awaited',
  'raced',
  'committed twice',
  'two at once',
  'after a rejection',
  'only rejected',
];
const WHEN_DONE: readonly WhenDone[] = ['the same', 'the same', 'returns', 'throws', 'gives up'];

/** Chooses what a consumer does with one event. */
export function chooseScript(chance: Chance, settings: Settings, consumer: ConsumerName): Script {
  const fate = chooseFate(chance, settings, consumer);
  const commit = fate === 'oversized' ? 'awaited' : pick(chance, STYLES, 'awaited');
  const { effects } = settings.kinds[consumer];
  const emits = consumer === 'first' ? chance.below(4) : 0;
  return {
    fate,
    commit,
    emits: fate === 'oversized' ? 3 : emits,
    // With `effects: 'commit'` a consumer promises that all its effects go through its commit.
    mails: effects === 'claim' && chance.happens(0.5),
    whenDone: pick(chance, WHEN_DONE, 'the same'),
    thrown: pick(chance, THROWN, () => new Error('thrown')),
    throwsLate: chance.happens(0.5),
    throwsAfterCommit: chance.happens(0.2),
    fillerBytes: fillerBytes(chance, settings, fate),
  };
}

/** Whether the event can be handled, sooner or later. */
export function canSucceed({ fate }: Script): boolean {
  return !['doomed', 'hopeless', 'culprit', 'message', 'oversized'].includes(fate) && begins({ fate });
}

/** Whether the runtime lets a handler begin with it. */
export function begins({ fate }: Pick<Script, 'fate'>): boolean {
  return fate !== 'message' && fate !== 'refused' && fate !== 'malformed';
}

/** Whether the handler means to have an effect in DynamoDB. */
export function commits({ commit }: Script): boolean {
  return commit !== 'none' && commit !== 'only rejected';
}

/** How many events are published once the event is done: a rejection forgets what was emitted. */
export function emissionsOf(script: Script): number {
  return script.commit === 'only rejected' ? 0 : script.emits;
}

function chooseFate(chance: Chance, { culprits, large }: Settings, consumer: ConsumerName): Fate {
  if (culprits && chance.happens(0.15)) return 'culprit';
  if (large && consumer === 'first' && chance.happens(0.2)) return 'oversized';
  // Near the limits it is dead letters that matter: several in one batch.
  if (large && consumer === 'first' && chance.happens(0.6))
    return chance.happens(0.5) ? 'hopeless' : 'message';
  const fate = pick(chance, FATES, 'good');
  // What the second consumer gets has been through the runtime: it is an event. It fails less, so that most arrive.
  if (consumer === 'second') return fate === 'message' || chance.happens(0.5) ? 'good' : fate;
  return fate;
}

/** Five dead letters of this size are too much for one request, and so are three events of it. */
function fillerBytes(chance: Chance, { large }: Settings, fate: Fate): number {
  if (fate === 'oversized') return 150_000;
  return large && chance.happens(0.9) ? (chance.happens(0.5) ? 230_000 : 110_000) : 0;
}

function pick<T>(chance: Chance, choices: readonly T[], otherwise: T): T {
  return choices[chance.below(choices.length)] ?? otherwise;
}
