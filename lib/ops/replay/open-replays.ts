import { setTimeout } from 'node:timers/promises';
import type { ControlPorts } from '../../archive/replay/control-replay.ts';
import { createReplayQueue } from '../../archive/replay/replay-queue.ts';
import type { ReplayState } from '../../archive/replay/replay-state.ts';
import { createReplayTable } from '../../archive/replay/replay-table.ts';
import type { OpsClients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import { UnknownNameError, UnreadableError } from '../errors.ts';
import type { DeployedReplays } from './deployed-replays.ts';

/** Whose replays. */
type Replayed = Pick<Deployment, 'replays' | 'busPlace' | 'stackName'>;

/** @throws UnreadableError when the bus has no archive, or is not in this account and region */
export function requireReplays({ replays, busPlace, stackName }: Replayed): DeployedReplays {
  if (replays) return replays;
  throw new UnreadableError(
    busPlace === 'here'
      ? `the bus ${stackName} replays nothing: it has no archive; deploy it with -c archive=on, and it keeps the events from then on`
      : `the bus ${stackName} is not in this account and region: a replay is started where the bus is, and reaches only queues that are there too`,
  );
}

/** What replays are read and controlled with. @throws UnreadableError when there is nothing that replays */
export function openReplays(
  { dynamodb, sqs }: Pick<OpsClients, 'dynamodb' | 'sqs'>,
  deployment: Replayed,
): ControlPorts {
  const { tableName, queueUrl } = requireReplays(deployment);
  const clock = { now: () => Date.now(), sleep: (milliseconds: number) => setTimeout(milliseconds) };
  return {
    clock,
    table: createReplayTable({ dynamodb, name: tableName, clock, random: Math.random }),
    queue: createReplayQueue(sqs, queueUrl),
  };
}

/** @throws UnknownNameError when there is no replay of this id */
export async function replayNamed({ table }: ControlPorts, id: string): Promise<ReplayState> {
  const state = await table.read(id);
  if (state) return state;
  throw new UnknownNameError(`there is no replay '${id}'; fanfare replay list shows the latest`);
}
