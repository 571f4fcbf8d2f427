import type { Command } from 'commander';
import type { ReplayState } from '../../../archive/replay/replay-state.ts';
import { openReplays } from '../../../ops/replay/open-replays.ts';
import { formatTime } from '../../terminal/format-time.ts';
import { wholeNumber } from '../../terminal/parse-options.ts';
import { plainText } from '../../terminal/plain-text.ts';
import { printJson } from '../../terminal/print-json.ts';
import { formatTable } from '../../terminal/table.ts';
import { type TargetOptions, withDeployment, withTarget } from '../target.ts';
import { replayJson } from './json.ts';

type ListOptions = TargetOptions & { readonly limit: number; readonly json: boolean };

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1_000;

/** Adds `fanfare replay list`. */
export function addReplayList(replay: Command): void {
  withTarget(replay.command('list'))
    .description('Lists the latest replays.')
    .option('--limit <count>', 'at most this many', wholeNumber({ min: 1, max: MAX_LIMIT }), DEFAULT_LIMIT)
    .option('--json', 'print them as JSON', false)
    .action(runList);
}

async function runList({ limit, json, ...options }: ListOptions): Promise<void> {
  const replays = await withDeployment(options, ({ clients, deployment }) =>
    openReplays(clients, deployment).table.latest(limit),
  );
  if (json) printJson('replays', replays.map(replayJson));
  else if (replays.length === 0) console.log('Nothing was replayed yet.');
  else console.log(formatTable([HEADING, ...replays.map(row)]));
}

const HEADING = ['replay', 'consumer', 'mode', 'status', 'read', 'of', 'sent', 'unreadable', 'started (UTC)'];

function row(state: ReplayState): readonly (string | number)[] {
  const { id, consumer, mode, status, read, events, sent, unreadable, createdAt } = state;
  return [id, plainText(consumer), mode, status, read, events, sent, unreadable, formatTime(createdAt)];
}
