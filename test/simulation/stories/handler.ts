import { PermanentError } from '../../../lib/runtime/errors.ts';
import { Answered, RETRY, TIMEOUT_MS } from './app.ts';
import { commitAs } from './commit-styles.ts';
import type { Scene } from './scene.ts';

/** More than all emitted events of one handler may have together, so that a record takes them. */
const MAX_FILLERS_BYTES = 360_000;

/** Handles an event as its script says. */
export async function act(scene: Scene): Promise<void> {
  const { run, stage } = scene;
  try {
    await play(scene);
    run.ended = 'returned';
  } catch (error) {
    run.ended = 'threw';
    throw error;
  } finally {
    run.endedAt = stage.now();
  }
}

async function play(scene: Scene): Promise<void> {
  const { script } = scene.run;
  if (scene.stage.isDone(scene.history) && refusesToRepeat(scene)) return;
  if (script.fate === 'culprit') await exitSoon(scene);
  await spendTime(scene);
  if (scene.stage.isDone(scene.history) && refusesToRepeat(scene)) return;
  if (!script.throwsLate) failAsPlanned(scene);
  emitAll(scene);
  if (script.mails) mail(scene);
  failAsPlanned(scene);
  await commitAs(scene, () => emitAll(scene));
}

/** Handlers of their own mind: they look whether their event is done. Returns whether that was all. */
function refusesToRepeat({ run: { script } }: Scene): boolean {
  if (script.whenDone === 'throws') throw script.thrown();
  if (script.whenDone === 'gives up') throw new PermanentError('done before');
  return script.whenDone === 'returns';
}

/** The process is over soon, whatever else it is at; so the handler never ends. */
function exitSoon({ invocation, stage: { chance }, history: { identity } }: Scene): Promise<never> {
  const delay = chance.happens(0.5) ? 0 : chance.between(0, 500);
  if (delay === 0) invocation.exit(identity);
  else void invocation.clock.sleep(delay).then(() => invocation.exit(identity));
  return new Promise(() => undefined);
}

async function spendTime({
  stage,
  ctx,
  invocation: { clock },
  history,
  run: { script },
}: Scene): Promise<void> {
  const { chance } = stage;
  const isSlow = script.fate === 'slow' && stage.isTroubled();
  const isLate = script.fate === 'late' && history.runs.length === 1;
  if (isSlow) await clock.sleep(chance.between(100, 1.4 * TIMEOUT_MS));
  else if (isLate) await clock.sleep(chance.between(0.75 * TIMEOUT_MS, 1.2 * TIMEOUT_MS));
  else if (chance.happens(0.3)) await clock.sleep(chance.between(1, 200));
  if (ctx.signal.aborted && chance.happens(0.5)) throw new Error('heeded the deadline');
}

function failAsPlanned({ stage, history, run: { script } }: Scene): void {
  const { fate } = script;
  if (fate === 'hopeless') throw new PermanentError('hopeless');
  if (fate === 'doomed') throw script.thrown();
  if (fate === 'flaky' && stage.isTroubled() && stage.chance.happens(0.3)) throw script.thrown();
  if (fate === 'recovering' && history.runs.length < RETRY.maxAttempts - 1) throw script.thrown();
}

function emitAll({ ctx, run: { number, script } }: Scene): void {
  const { emits, fate, fillerBytes } = script;
  const bytes = fate === 'oversized' ? fillerBytes : Math.min(fillerBytes, MAX_FILLERS_BYTES / (emits || 1));
  const filler = 'x'.repeat(bytes);
  for (let position = 0; position < emits; position++) ctx.emit(Answered, { run: number, position, filler });
}

function mail({ stage, ctx, history, invocation, run }: Scene): void {
  // A process that has ended runs no code, and a handler that goes on after its time must heed its signal.
  if (!invocation.dead && !ctx.signal.aborted) history.mails.push({ run, at: stage.now() });
}
