import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { CommitRejectedError } from '../../../lib/runtime/errors.ts';
import { TIMEOUT_MS } from './app.ts';
import type { Scene } from './scene.ts';
import type { CommitStyle } from './script.ts';

/** These end a commit whatever time is left. */
const FINAL = new Set([
  'CommitRejectedError',
  'LeaseLostError',
  'AlreadyCompletedError',
  'ValidationException',
]);
/** A handler may commit until shortly before the end, and a pause of two seconds may be too long for what is left. */
const PATIENCE_MS = TIMEOUT_MS - 5_000;

/** Marks the key of an effect that no commit may have. */
export const FORBIDDEN = '#forbidden';

type Commit = (scene: Scene, emitAgain: () => void) => Promise<void> | void;

const STYLES: Readonly<Record<CommitStyle, Commit>> = {
  none: () => undefined,
  awaited: commit,
  swallowed: (scene) => commit(scene).catch(() => undefined),
  'not awaited': (scene) => {
    commit(scene).catch(() => undefined);
  },
  raced: async (scene) => {
    const { chance } = scene.stage;
    const pending = commit(scene);
    pending.catch(() => undefined);
    await Promise.race([pending, scene.invocation.clock.sleep(chance.between(0, 60))]);
  },
  'committed twice': async (scene) => {
    await commit(scene);
    await expectRefusal(scene);
  },
  'two at once': async (scene) => {
    const pending = commit(scene);
    pending.catch(() => undefined);
    await expectRefusal(scene);
    await pending;
  },
  'after a rejection': async (scene, emitAgain) => {
    await expectRejection(scene);
    emitAgain();
    await commit(scene);
  },
  'only rejected': async (scene) => {
    await expectRejection(scene);
    // Nothing else is to be written: without this the event would have failed.
    await scene.ctx.commit([]);
  },
};

/** Ends a handler with its commit, or without one, in the style of its script. */
export async function commitAs(scene: Scene, emitAgain: () => void): Promise<void> {
  const { script } = scene.run;
  await STYLES[script.commit](scene, emitAgain);
  if (script.throwsAfterCommit && script.commit !== 'none' && script.commit !== 'only rejected') {
    const { run } = scene;
    // Only what is committed, or about to be, may be thrown away: else the event would never be done.
    if (run.committed || script.commit === 'not awaited' || script.commit === 'raced') throw script.thrown();
  }
}

/** Commits the effect of the run, and looks at what the promise says. */
async function commit(scene: Scene): Promise<void> {
  const { ctx, run, stage, invocation } = scene;
  const tooLate = ctx.signal.aborted;
  try {
    await ctx.commit([effect(scene), ...(stage.settings.contended ? [total(run.consumer)] : [])]);
  } catch (error) {
    const name = error instanceof Error ? error.name : String(error);
    if (!FINAL.has(name) && !tooLate && invocation.age < PATIENCE_MS)
      stage.ledger.violate(`${run.identity}: a commit gave up after ${invocation.age.toFixed()} ms: ${name}`);
    if (name === 'CommitRejectedError')
      stage.ledger.violate(`${run.identity}: a commit was rejected though it has no condition`);
    throw error;
  }
  if (tooLate) stage.ledger.violate(`${run.identity}: a commit was possible after the deadline`);
  if (!run.committed) stage.ledger.violate(`${run.identity}: a commit has resolved without its effect`);
}

/** A commit beside another, or after it, is refused; its effect must never be. */
async function expectRefusal(scene: Scene): Promise<void> {
  const { ctx, run, stage } = scene;
  try {
    await ctx.commit([effect(scene, FORBIDDEN)]);
  } catch {
    // As it should be: an event has one commit.
    return;
  }
  stage.ledger.violate(`${run.identity}: a second commit has resolved`);
}

/** A commit with a condition of its own that does not hold, on an item beside one that others may hold. */
async function expectRejection(scene: Scene): Promise<void> {
  const { ctx, run, stage } = scene;
  const condition: TransactWriteItem = {
    ConditionCheck: {
      TableName: 'effects',
      Key: { id: { S: 'never there' } },
      ConditionExpression: 'attribute_exists(id)',
    },
  };
  try {
    await ctx.commit([total(run.consumer, FORBIDDEN), condition]);
  } catch (error) {
    if (!(error instanceof CommitRejectedError)) throw error;
    if (error.rejects(0) || !error.rejects(1))
      stage.ledger.violate(`${run.identity}: a rejection names the wrong write`);
    return;
  }
  stage.ledger.violate(`${run.identity}: a commit has resolved though its condition does not hold`);
}

/** The write that is the effect: more than one of an event is what must never be. */
function effect({ run }: Scene, suffix = ''): TransactWriteItem {
  return {
    Update: {
      TableName: 'effects',
      Key: { id: { S: `${run.consumer}|${run.identity}${suffix}` } },
      UpdateExpression: 'SET run = :run ADD effects :one',
      ExpressionAttributeValues: { ':run': { N: String(run.number) }, ':one': { N: '1' } },
    },
  };
}

/** An item that all effects of a consumer share. */
function total(consumer: string, suffix = ''): TransactWriteItem {
  return {
    Update: {
      TableName: 'totals',
      Key: { id: { S: consumer } },
      UpdateExpression: `ADD total${suffix === '' ? '' : 'Forbidden'} :one`,
      ExpressionAttributeValues: { ':one': { N: '1' } },
    },
  };
}
