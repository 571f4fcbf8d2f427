import type { ReplayStatus } from '../../archive/replay/replay-state.ts';
import type { Deployment } from '../deployment.ts';
import { fanfareCommand, type Whereabouts } from '../fanfare-command.ts';
import { describeProblem, type Problem } from '../problem.ts';
import type { Erasure } from './erasure.ts';
import { type KeptReplay, readKeptReplays } from './kept-replays.ts';

/** A replay that may have read events before they are erased. */
export interface ReplayAhead {
  readonly id: string;
  /** What the consumer was called when it was started. */
  readonly consumer: string;
  readonly status: ReplayStatus;
}

/** Thrown when an erasure must not begin. Nothing was erased. */
export class ErasureRefusedError extends Error {
  override readonly name = 'ErasureRefusedError';
}

/** One that has failed sends nothing, and reads the archive anew when it is resumed. */
const OPEN: readonly ReplayStatus[] = ['planning', 'running', 'paused'];

/** The replays that may send what they have read of the archive, and put its large data back. */
export function openAmong(replays: readonly KeptReplay[]): readonly ReplayAhead[] {
  return replays
    .filter(({ state }) => OPEN.includes(state.status))
    .map(({ state: { id, consumer, status } }) => ({ id, consumer, status }));
}

/** Refuses to erase while some replays could not be read. @param problems with them @throws ErasureRefusedError that names them */
export function refuseUnlessKnown(problems: readonly Problem[]): void {
  // Without its table, there is no replay.
  const unknown = problems.filter(({ missing }) => !missing);
  if (unknown.length === 0) return;
  throw new ErasureRefusedError(
    'nothing was erased, because it is not known which replays are open, and one could bring back what is erased:\n' +
      unknown.map(describeProblem).join('\n'),
  );
}

/**
 * Refuses to erase while there are open replays.
 *
 * @param isCancellable whether `fanfare replay` knows a replay: it knows those of the first bus
 * @throws ErasureRefusedError that names them and what to do
 */
export function refuseWhileOpen(
  replays: readonly ReplayAhead[],
  where: Whereabouts,
  isCancellable: (id: string) => boolean,
): void {
  if (replays.length === 0) return;
  const lines = replays.map(({ id, consumer, status }) => {
    const cancel = isCancellable(id) ? `, or end it: ${fanfareCommand(`replay cancel ${id}`, where)}` : '';
    return `replay ${id} to ${consumer} is ${status}: wait until it is done${cancel}`;
  });
  throw new ErasureRefusedError(
    'nothing was erased, because a replay may have read events already, and would send them and put their large data back afterwards ' +
      `(a paused one too):\n${lines.join('\n')}`,
  );
}

/** What is open at the end has begun since the beginning, where it was refused; or it is a dry run. */
export async function readOpenReplays(
  { clients, notes }: Erasure,
  { archives }: Pick<Deployment, 'archives'>,
): Promise<readonly ReplayAhead[]> {
  const { replays, problems } = await readKeptReplays(clients.dynamodb, archives);
  const isNew = (problem: Problem) => !notes.problems.some(({ name }) => name === problem.name);
  notes.problems.push(...problems.filter(isNew));
  return openAmong(replays);
}
