import { isEnded, type ReplayState } from '../../archive/replay/replay-state.ts';
import type { OpsClients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import { openReplays } from './open-replays.ts';

/** A replay that has not ended. */
export type OpenReplay = Pick<
  ReplayState,
  'id' | 'consumer' | 'mode' | 'status' | 'read' | 'events' | 'sent'
>;

/** Among so many of the latest; older ones are listed by `replay list`. */
const LATEST = 50;

/** The replays that have not ended, the latest first: one request. None when nothing replays there. */
export async function readOpenReplays(
  clients: Pick<OpsClients, 'dynamodb' | 'sqs'>,
  deployment: Pick<Deployment, 'replays' | 'busPlace' | 'stackName'>,
): Promise<readonly OpenReplay[]> {
  if (!deployment.replays) return [];
  const latest = await openReplays(clients, deployment).table.latest(LATEST);
  return latest
    .filter((state) => !isEnded(state))
    .map(({ id, consumer, mode, status, read, events, sent }) => ({
      ...{ id, consumer, mode, status, read, events, sent },
    }));
}
