import { isEnded, type ReplayState } from '../../archive/replay/replay-state.ts';
import type { OpsClients } from '../clients.ts';
import type { Deployment } from '../deployment.ts';
import type { Trouble } from '../status/trouble.ts';
import { openReplays } from './open-replays.ts';

/** A replay that has not ended. */
export type OpenReplay = Pick<
  ReplayState,
  'id' | 'consumer' | 'mode' | 'status' | 'read' | 'events' | 'sent'
> & {
  /** When it was started, ISO 8601. */
  readonly createdAt: string;
};

/** Among so many of the latest; older ones are listed by `replay list`. */
const LATEST = 50;
/** Who pauses a replay goes on with it the same day, or has forgotten it. */
const PAUSED_MS = 24 * 3_600_000;

/** The replays that have not ended, the latest first: one request. None when nothing replays there. */
export async function readOpenReplays(
  clients: Pick<OpsClients, 'dynamodb' | 'sqs'>,
  deployment: Pick<Deployment, 'replays' | 'busPlace' | 'stackName'>,
): Promise<readonly OpenReplay[]> {
  if (!deployment.replays) return [];
  const latest = await openReplays(clients, deployment).table.latest(LATEST);
  return latest
    .filter((state) => !isEnded(state))
    .map(({ id, consumer, mode, status, read, events, sent, createdAt }) => ({
      ...{ id, consumer, mode, status, read, events, sent, createdAt: new Date(createdAt).toISOString() },
    }));
}

/**
 * Replays that have failed, or are paused and were started more than a day ago: what they did not send nobody sends.
 *
 * @param now epoch milliseconds
 */
export function troubleOfReplays(replays: readonly OpenReplay[], now: number): readonly Trouble[] {
  return replays.flatMap(({ id, consumer, status, createdAt }) => {
    const what = whatIsWrong(status, now - Date.parse(createdAt));
    return what === undefined
      ? []
      : [{ kind: 'replay' as const, detail: `replay ${id} to ${consumer} ${what}; the rest is not sent` }];
  });
}

function whatIsWrong(status: OpenReplay['status'], ageMs: number): string | undefined {
  if (status === 'failed') return 'has failed';
  return status === 'paused' && ageMs > PAUSED_MS
    ? 'is paused, and was started more than a day ago'
    : undefined;
}
