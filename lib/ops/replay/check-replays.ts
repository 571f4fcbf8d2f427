import type { OpsClients } from '../clients.ts';
import { count } from '../doctor/check-consumer.ts';
import type { Finding } from '../doctor/finding.ts';
import { look } from '../doctor/look.ts';
import type { DeployedStack } from '../doctor/read-stacks.ts';
import { fanfareCommand, type Whereabouts } from '../fanfare-command.ts';
import { readReplayOutputs } from './deployed-replays.ts';
import { type OpenReplay, readOpenReplays } from './open-ends.ts';

/** Checks whether replays of the archive of a bus were left: paused or failed, and neither resumed nor cancelled. */
export async function checkReplays(
  clients: OpsClients,
  { stackName, outputs }: DeployedStack,
  where: Whereabouts,
): Promise<readonly Finding[]> {
  const replays = readReplayOutputs({
    Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
  });
  if (!replays) return [];
  const found = await Promise.all([
    look(`table of replays of ${stackName}`, async () =>
      (await readOpenReplays(clients, { replays, stackName, busPlace: 'here' })).flatMap((replay) =>
        describeLeft(replay, where),
      ),
    ),
    look(`dead-letter queue of replays of ${stackName}`, async () =>
      describeDead(stackName, await count(clients, replays.deadLetterQueueUrl)),
    ),
  ]);
  return found.flat();
}

function describeLeft({ id, consumer, status }: OpenReplay, where: Whereabouts): readonly Finding[] {
  if (status !== 'paused' && status !== 'failed') return [];
  const command = fanfareCommand(`replay resume ${id}`, where);
  return [
    {
      severity: 'warning',
      resource: `replay ${id} to ${consumer}`,
      detail: status === 'paused' ? 'is paused: the rest is not sent' : 'has failed: the rest is not sent',
      remedy: `go on with it: ${command}; or end it: ${command.replace(' resume ', ' cancel ')}`,
    },
  ];
}

function describeDead(stackName: string, dead: number): readonly Finding[] {
  if (dead === 0) return [];
  return [
    {
      severity: 'error',
      resource: `dead-letter queue of replays of ${stackName}`,
      detail: `holds ${dead === 1 ? '1 part' : `${dead} parts`} of replays that failed for good: what follows them is not sent`,
      remedy: 'see docs/runbook.md#replayfailed',
    },
  ];
}
